internal import Glibc
package import SpecGANChecksums
package import SpecGANErrors
internal import SpecGANFiles

/// A regular file that is not empty, open for reading.
///
/// A small one is read when it is opened: whatever asks for its bytes gets them from memory.
@safe package struct InputFile: ~Copyable {
  /// The most bytes of a file that is small: a second of stereo, some seconds of what is mostly
  /// trained on.
  private static let smallestLarge = 1 << 18

  let path: String
  package let byteCount: Int
  private let descriptor: CInt
  /// All there is of a small file.
  private var contents: [UInt8]?

  /// - Throws: ``SpecGANError``.
  package init(path: String) throws(SpecGANError) {
    // Without O_NONBLOCK a named pipe would hold us here until somebody writes to it.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    self.path = path
    self.descriptor = descriptor
    guard descriptor >= 0 else {
      byteCount = 0
      throw .reading(path)
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      byteCount = 0
      throw .reading(path)
    }
    byteCount = Int(status.st_size)
    if let kind = Self.irregularKind(status.st_mode) {
      throw .unreadable(path: path, reason: kind)
    }
    guard byteCount > 0 else { throw .empty(path: path) }
    if byteCount <= Self.smallestLarge { contents = try bytes(at: 0, count: byteCount) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The `count` bytes from `offset` on, or as many of them as there are.
  func bytes(at offset: Int, count: Int) throws(SpecGANError) -> [UInt8] {
    let count = min(count, byteCount - offset)
    guard count > 0 else { return [] }
    var failure: SpecGANError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      do throws(SpecGANError) {
        filled = try unsafe read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Copies the bytes from `offset` on into `buffer`, as many as there are, and says how many.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SpecGANError) -> Int {
    let wanted = min(buffer.count, byteCount - offset)
    if let contents {
      let found = contents[min(offset, contents.count)...].prefix(max(0, wanted))
      unsafe buffer.copyBytes(from: found)
      return found.count
    }
    var filled = 0
    while filled < wanted {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<wanted])
      let got = unsafe pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw .reading(path) }
      if got == 0 { break }
      filled += got
    }
    return filled
  }

  /// The digest of the whole file, and how many bytes that is.
  ///
  /// - Throws: ``SpecGANError``.
  package func digest() throws(SpecGANError) -> (digest: ContentDigest, byteCount: Int) {
    var digest = ContentDigest()
    if let contents {
      unsafe digest.update(contents.span.bytes)
      return (digest, contents.count)
    }
    var offset = 0
    while true {
      let block = try bytes(at: offset, count: 1 << 16)
      if block.isEmpty { return (digest, offset) }
      unsafe digest.update(block.span.bytes)
      offset += block.count
    }
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
