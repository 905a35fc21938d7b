internal import Files
internal import Glibc

/// A regular file that is not empty, open for reading.
@safe struct InputFile: ~Copyable {
  let path: String
  let descriptor: CInt
  let byteCount: Int

  init(path: String) throws(AudioFileError) {
    // Without O_NONBLOCK a named pipe would hold us here until somebody writes to it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    self.path = path
    self.descriptor = descriptor
    guard descriptor >= 0 else {
      byteCount = 0
      throw .file(.reading(path))
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      byteCount = 0
      throw .file(.reading(path))
    }
    byteCount = Int(status.st_size)
    if let kind = Self.irregularKind(status.st_mode) {
      throw .file(.unreadable(path: path, reason: kind))
    }
    guard byteCount > 0 else { throw .empty(path: path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The `count` bytes from `offset` on, or as many of them as there are.
  func bytes(at offset: Int, count: Int) throws(AudioFileError) -> [UInt8] {
    let count = min(count, byteCount - offset)
    guard count > 0 else { return [] }
    var failure: FileError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled...])
        let got = unsafe pread(descriptor, rest.baseAddress, count - filled, off_t(offset + filled))
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = .reading(path) }
        guard got > 0 else { return }
        filled += got
      }
    }
    if let failure { throw .file(failure) }
    return bytes
  }

  private static func irregularKind(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "it is a folder"
    case S_IFIFO: "it is a named pipe"
    case S_IFCHR, S_IFBLK: "it is a device"
    default: "it is not a regular file"
    }
  }
}

extension [UInt8] {
  /// The unsigned number in the `count` bytes at `offset`, lowest byte first.
  func littleEndian(at offset: Int, count: Int) -> Int {
    self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The unsigned number in the `count` bytes at `offset`, highest byte first.
  func bigEndian(at offset: Int, count: Int) -> Int {
    self[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Whether the bytes at `offset` are `text`'s.
  func holds(_ text: String, at offset: Int = 0) -> Bool {
    dropFirst(offset).starts(with: text.utf8)
  }
}
