internal import CZlib

/// The CRC-32 of zlib and PNG (polynomial 0xEDB88320), taken piece by piece.
///
/// Source: zlib manual, `crc32`, <https://zlib.net/manual.html#Checksum>.
public struct CRC32: Sendable {
  /// The checksum of all the bytes so far.
  public private(set) var value: UInt32 = 0

  /// The checksum of no bytes.
  public init() {}

  /// Takes `bytes` in.
  public mutating func update(_ bytes: RawSpan) {
    guard !bytes.isEmpty else { return }  // without a buffer zlib answers with the first value
    value = unsafe bytes.withUnsafeBytes { buffer in
      unsafe UInt32(crc32_z(UInt(value), buffer.baseAddress, buffer.count))
    }
  }

  /// Takes the UTF-8 of `text` in.
  public mutating func update(_ text: String) { unsafe update(Array(text.utf8).span.bytes) }

  /// Takes in the `byteCount` bytes that `other` is the checksum of, as if they came next.
  ///
  /// So pieces may be summed up side by side. Source: zlib manual, `crc32_combine`.
  public mutating func append(_ other: CRC32, byteCount: Int) {
    value = UInt32(crc32_combine(UInt(value), UInt(other.value), byteCount))
  }

  /// Eight hexadecimal digits, lower case.
  public var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
