internal import CZlib

/// What bytes are known by: their CRC-32 and their Adler-32, 64 bits together.
///
/// Two files that differ have the same one by a chance of about 2⁻⁶⁴, where they hold some hundred bytes
/// or more; so among 100,000 files two are taken for one by about 2⁻³². It is no proof against somebody
/// who makes such files on purpose. Source: zlib manual, `crc32` and `adler32`,
/// <https://zlib.net/manual.html#Checksum>.
public struct ContentDigest: Hashable, Sendable {
  /// Both in turn: the CRC-32 in the high half.
  public let value: UInt64

  /// The digest that ``hexadecimal`` wrote as `text`; `nil` where that is none.
  public init?(hexadecimal text: String) {
    guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { return nil }
    self.value = value
  }

  private init(_ checksum: CRC32, _ adler: UInt32) {
    value = UInt64(checksum.value) << 32 | UInt64(adler)
  }

  /// Sixteen hexadecimal digits, lower case.
  public var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The digest of the file at `path`, and how many bytes it has.
  ///
  /// - Throws: ``FileError`` where it is missing, not a regular file, or cannot be read.
  public static func ofFile(
    _ path: String
  ) throws(FileError) -> (digest: ContentDigest, byteCount: Int) {
    var (checksum, adler) = (CRC32(), UInt32(1))
    let byteCount = try RandomAccessFile(reading: path).forEachBlock { block in
      checksum.update(block)
      adler = unsafe block.withUnsafeBytes { bytes in
        unsafe UInt32(adler32_z(UInt(adler), bytes.baseAddress, bytes.count))
      }
    }
    return (ContentDigest(checksum, adler), byteCount)
  }
}
