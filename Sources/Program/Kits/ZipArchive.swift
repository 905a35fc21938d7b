// Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", version 6.3.10, sections 4.3 and
// 4.4.
internal import SpecGANChecksums
internal import SpecGANErrors

/// A ZIP archive in memory, which every desktop opens without another program.
///
/// Files are stored without compression: audio hardly becomes smaller. The bytes depend only on
/// names and contents: all files have the first time that ZIP can store, 1980.
package struct ZipArchive {
  private var content: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  /// The largest archive, which needs no ZIP64.
  private static let largest = Int(UInt32.max)
  private static let version = 20
  /// Names are UTF-8 (bit 11).
  private static let flags = 1 << 11
  /// 1 January 1980.
  private static let date = 1 << 5 | 1

  /// Creates an empty archive.
  package init() {}

  /// Appends a file with the path `name`, whose folders are separated by slashes.
  ///
  /// - Precondition: the archive has at most 65,535 files and stays below 4 GiB.
  package mutating func append(_ name: String, _ bytes: [UInt8]) {
    let path = Array(name.utf8)
    let offset = content.count
    count += 1
    require(
      count <= UInt16.max && path.count <= UInt16.max
        && offset + bytes.count + 2 * path.count + directory.count + 256 <= Self.largest,
      "\(name) of \(bytes.count) bytes does not fit a ZIP archive")
    var checksum = CRC32()
    unsafe checksum.update(bytes.span.bytes)
    var fields: [UInt8] = []
    for value in [Self.version, Self.flags, 0, 0, Self.date] { fields.append(value, bytes: 2) }
    for value in [Int(checksum.value), bytes.count, bytes.count] { fields.append(value, bytes: 4) }
    for value in [path.count, 0] { fields.append(value, bytes: 2) }
    content.append(0x0403_4B50, bytes: 4)
    content += fields + path + bytes
    directory.append(0x0201_4B50, bytes: 4)
    directory.append(Self.version, bytes: 2)
    directory += fields
    // No comment, disk 0, no attributes.
    for _ in 0..<3 { directory.append(0, bytes: 2) }
    directory.append(0, bytes: 4)
    directory.append(offset, bytes: 4)
    directory += path
  }

  /// The bytes of the archive.
  package var bytes: [UInt8] {
    var end: [UInt8] = []
    end.append(0x0605_4B50, bytes: 4)
    for value in [0, 0, count, count] { end.append(value, bytes: 2) }
    for value in [directory.count, content.count] { end.append(value, bytes: 4) }
    end.append(0, bytes: 2)
    return content + directory + end
  }
}

extension [UInt8] {
  /// Appends the lowest `bytes` bytes of `number`, lowest first.
  fileprivate mutating func append(_ number: Int, bytes: Int) {
    for index in 0..<bytes { append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}
