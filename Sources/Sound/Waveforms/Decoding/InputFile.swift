internal import Glibc
package import SpecGANChecksums
package import SpecGANErrors
internal import SpecGANFiles

/// A regular, nonempty file, open for reading.
///
/// A small file is read completely when it is opened; later reads come from memory.
@safe package struct InputFile: ~Copyable {
  /// The largest size of a small file, in bytes: a second of stereo, or some seconds of usual
  /// training data.
  private static let smallestLarge = 1 << 18

  let path: String
  /// The size in bytes, from ``origin`` on.
  package private(set) var byteCount: Int
  /// The offset in the file of the first byte that is read; see ``skip(_:)``.
  private(set) var origin = 0
  private let descriptor: CInt
  /// The bytes of a small file; nil for a large one.
  private var contents: [UInt8]?

  /// Opens the file at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, empty, not a regular file, or cannot be read.
  package init(path: String) throws(SpecGANError) {
    // Without O_NONBLOCK, opening a named pipe would block until another process writes to it.
    let descriptor = uninterrupted {
      unsafe open(path.inSystem, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }
    self.path = path
    self.descriptor = descriptor
    byteCount = 0
    guard descriptor >= 0 else {
      throw .reading(path)
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
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

  /// Leaves out the next `count` bytes: later offsets count from there.
  mutating func skip(_ count: Int) {
    origin += count
    byteCount -= count
  }

  /// Returns the `count` bytes from `offset` on, fewer at the end of the file.
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

  /// Copies bytes from `offset` on into `buffer`, until it is full or the file ends, and returns
  /// their number.
  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(SpecGANError) -> Int {
    let wanted = min(buffer.count, byteCount - offset)
    if let contents {
      let found = contents[min(origin + offset, contents.count)...].prefix(max(0, wanted))
      unsafe buffer.copyBytes(from: found)
      return found.count
    }
    var filled = 0
    while filled < wanted {
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<wanted])
      let place = off_t(origin + offset + filled)
      let got = unsafe pread(descriptor, rest.baseAddress, rest.count, place)
      if got < 0 && errno == EINTR { continue }
      if got < 0 { throw .reading(path) }
      if got == 0 { break }
      filled += got
    }
    return filled
  }

  /// Returns the digest and the size in bytes of the complete file; call it before ``skip(_:)``.
  ///
  /// - Throws: ``SpecGANError`` if a read fails.
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
  /// Returns the unsigned number in the `count` bytes at `offset`, lowest byte first.
  func littleEndian(at offset: Int, count: Int) -> Int {
    self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// Returns the unsigned number in the `count` bytes at `offset`, highest byte first.
  func bigEndian(at offset: Int, count: Int) -> Int {
    self[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
  }

  /// Returns whether the bytes at `offset` are those of `text`.
  func holds(_ text: String, at offset: Int = 0) -> Bool {
    dropFirst(offset).starts(with: text.utf8)
  }
}
