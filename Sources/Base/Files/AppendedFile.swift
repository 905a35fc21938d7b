import Glibc
package import SpecGANErrors

/// A file that grows by complete lines or records, such as a log.
@safe package struct AppendedFile: ~Copyable {
  /// The path of the file.
  package let path: String
  private let descriptor: CInt

  /// Opens `path` for appending, and creates the file if it is missing.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be opened or created.
  package init(path: String) throws(SpecGANError) {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw .appending(path) }
  }

  deinit { close(descriptor) }

  /// Appends `line` and a newline, completely or not at all.
  ///
  /// - Throws: ``SpecGANError`` if the write fails.
  package func append(line: String) throws(SpecGANError) {
    try unsafe append(Array((line + "\n").utf8).span.bytes)
  }

  /// Appends `bytes`, completely or not at all.
  ///
  /// - Throws: ``SpecGANError`` if the write fails.
  package func append(_ bytes: RawSpan) throws(SpecGANError) {
    let byteCount = lseek(descriptor, 0, SEEK_END)
    guard writeAll(bytes, to: descriptor) else {
      let error = SpecGANError.appending(path)
      // If this fails too, an incomplete line remains; readers reject it once another line follows.
      if byteCount >= 0 { _ = ftruncate(descriptor, byteCount) }
      throw error
    }
  }

  /// Flushes the appended bytes to disk, so that they survive a power cut.
  ///
  /// - Throws: ``SpecGANError`` if the flush fails.
  package func flush() throws(SpecGANError) {
    guard fdatasync(descriptor) == 0 else { throw .appending(path) }
  }

  /// Truncates the file to its first `byteCount` bytes, which needs no free space, and flushes it.
  ///
  /// - Throws: ``SpecGANError`` if that fails.
  package func truncate(to byteCount: Int) throws(SpecGANError) {
    guard ftruncate(descriptor, byteCount) == 0, fsync(descriptor) == 0 else {
      throw .writing(path)
    }
  }
}

/// Writes `bytes` to `descriptor`, in as many calls as needed; returns false if one fails, with the
/// reason in `errno`.
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
