import Glibc
package import SpecGANErrors

/// A file that grows by whole lines or records, such as a log.
@safe package struct AppendedFile: ~Copyable {
  /// Where it is.
  package let path: String
  private let descriptor: CInt

  /// Opens `path` to write at its end; it is made where it is missing.
  ///
  /// - Throws: ``SpecGANError``.
  package init(path: String) throws(SpecGANError) {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .appending(path) }
  }

  deinit { close(descriptor) }

  /// Adds `line` and a newline, in one write; where that fails, takes back what part of it was
  /// written.
  ///
  /// - Throws: ``SpecGANError``.
  package func append(line: String) throws(SpecGANError) {
    try unsafe append(Array((line + "\n").utf8).span.bytes)
  }

  /// Adds `bytes`, in one write, whole or not at all.
  ///
  /// - Throws: ``SpecGANError``.
  package func append(_ bytes: RawSpan) throws(SpecGANError) {
    let byteCount = lseek(descriptor, 0, SEEK_END)
    guard writeAll(bytes, to: descriptor) else {
      let error = SpecGANError.appending(path)
      // Where even this fails the part stays, and readers of lines refuse it once more follows.
      if byteCount >= 0 { _ = ftruncate(descriptor, byteCount) }
      throw error
    }
  }

  /// Brings what was added to disk, so that it survives a power cut.
  ///
  /// - Throws: ``SpecGANError``.
  package func flush() throws(SpecGANError) {
    guard fdatasync(descriptor) == 0 else { throw .appending(path) }
  }

  /// Cuts the file off after its first `byteCount` bytes, which takes no room.
  ///
  /// - Throws: ``SpecGANError``.
  package func truncate(to byteCount: Int) throws(SpecGANError) {
    guard ftruncate(descriptor, byteCount) == 0, fsync(descriptor) == 0 else {
      throw .writing(path)
    }
  }
}

/// Writes `bytes` to `descriptor`, however many calls it takes; false where one fails, and `errno`
/// says why.
func writeAll(_ bytes: RawSpan, to descriptor: CInt) -> Bool {
  var offset = 0
  while offset < bytes.byteCount {
    let written = unsafe bytes.withUnsafeBytes { buffer in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
      return unsafe write(descriptor, rest.baseAddress, rest.count)
    }
    if written < 0 && errno == EINTR { continue }
    guard written > 0 else { return false }
    offset += written
  }
  return true
}
