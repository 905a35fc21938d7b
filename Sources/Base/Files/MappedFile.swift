import Glibc
package import SpecGANErrors

/// A file mapped into memory, read-only.
///
/// The system loads pages when they are read and drops them under memory pressure, so training can
/// use a cache that is far larger than memory.
@safe package final class MappedFile: @unchecked Sendable {  // read-only until deinit
  /// The path under which it was opened.
  package let path: String
  /// The size, in bytes.
  package let count: Int
  private let base: UnsafeRawPointer?

  /// Maps the complete file at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, not a regular file, or cannot be read.
  package init(path: String) throws(SpecGANError) {
    let descriptor = uninterrupted {
      unsafe open(path.inSystem, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }
    guard descriptor >= 0 else { throw .reading(path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .reading(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
    self.path = path
    count = Int(status.st_size)
    guard count > 0 else {
      unsafe base = nil
      return
    }
    let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address = unsafe address, unsafe address != MAP_FAILED else { throw .reading(path) }
    unsafe base = UnsafeRawPointer(address)
  }

  deinit {
    if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// A copy of all the bytes.
  package var contents: [UInt8] { unsafe Array(UnsafeRawBufferPointer(start: base, count: count)) }

  /// Calls `body` with all bytes, and returns its result.
  package func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: base, count: count).bytes)
  }
}
