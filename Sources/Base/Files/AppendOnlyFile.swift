import Glibc
package import SpecGANErrors

/// A file to which complete lines or records are added at the end, such as a log.
@safe package struct AppendOnlyFile: ~Copyable {
  /// The path of the file.
  package let path: String
  private let descriptor: CInt

  /// Opens `path` for appending, and creates the file if it is missing.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be opened or created.
  package init(path: String) throws(SpecGANError) {
    self.path = path
    descriptor = uninterrupted {
      unsafe open(path.inSystem, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw .appending(path) }
  }

  deinit { close(descriptor) }

  /// Appends `line` and a newline. If the write fails, the file is cut back to its old length.
  ///
  /// - Throws: ``SpecGANError`` if the write fails.
  package func append(line: String) throws(SpecGANError) {
    try unsafe append(Array((line + "\n").utf8).span.bytes)
  }

  /// Appends `line` and a newline to the file at `path`, a list of lines that each stand alone. A
  /// last line without a newline, which a kill has left, is removed before.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read or written.
  package static func append(line: String, toList path: String) throws(SpecGANError) {
    let text = try ifUsable { () throws(SpecGANError) in try MappedFile(path: path).contents }
    let file = try AppendOnlyFile(path: path)
    if let text, let last = text.last, last != UInt8(ascii: "\n") {
      let end = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      try file.truncate(to: end)
    }
    try file.append(line: line)
  }

  /// Appends `bytes`. If the write fails, the file is cut back to its old length.
  ///
  /// If that fails too, a part of a line or record remains. The reader of a run's log ignores such
  /// a part while it is last; a line appended after it makes the log invalid.
  ///
  /// - Throws: ``SpecGANError`` if the write fails.
  package func append(_ bytes: RawSpan) throws(SpecGANError) {
    let oldLength = lseek(descriptor, 0, SEEK_END)
    guard writeAll(bytes, to: descriptor) else {
      // First, because ftruncate changes errno.
      let error = SpecGANError.appending(path)
      if oldLength >= 0 { _ = uninterrupted { ftruncate(descriptor, oldLength) } }
      throw error
    }
  }

  /// Flushes the appended bytes to disk, so that they survive a power cut.
  ///
  /// - Throws: ``SpecGANError`` if the flush fails.
  package func flush() throws(SpecGANError) {
    // The bytes and the size, but not the times, which are not needed to read the bytes.
    guard uninterrupted({ fdatasync(descriptor) }) == 0 else { throw .appending(path) }
  }

  /// Cuts the file after `byteCount` bytes, and flushes it. This works on a full disk too.
  ///
  /// - Throws: ``SpecGANError`` if that fails.
  package func truncate(to byteCount: Int) throws(SpecGANError) {
    guard uninterrupted({ ftruncate(descriptor, byteCount) }) == 0,
      uninterrupted({ fsync(descriptor) }) == 0
    else { throw .writing(path) }
  }
}

/// Calls `call` again while a signal interrupts it, and returns its last result.
package func uninterrupted(_ call: () -> CInt) -> CInt {
  while true {
    let result = call()
    if result >= 0 || errno != EINTR { return result }
  }
}

/// Writes all of `bytes`, with several calls if necessary. Returns whether it succeeded; if not,
/// `errno` has the reason.
func writeAll(_ bytes: RawSpan, to descriptor: CInt) -> Bool {
  var offset = 0
  while offset < bytes.byteCount {
    let written = unsafe bytes.withUnsafeBytes { buffer in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[offset...])
      return unsafe write(descriptor, rest.baseAddress, rest.count)
    }
    if written < 0 && errno == EINTR { continue }
    if written == 0 { errno = EIO }
    guard written > 0 else { return false }
    offset += written
  }
  return true
}
