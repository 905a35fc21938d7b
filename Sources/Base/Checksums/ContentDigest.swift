internal import CSpecGANZlib

/// A 64-bit digest of bytes: their CRC-32 and their Adler-32.
///
/// Two different files of some hundred bytes or more have the same digest with a probability of
/// about 2⁻⁶⁴; among 100,000 files, some pair has with a probability of about 2⁻³². The digest does
/// not protect against files that are constructed to collide. Source: zlib manual, `crc32` and
/// `adler32`, <https://zlib.net/manual.html#Checksum>.
package struct ContentDigest: Hashable, Sendable {
  private var checksum = CRC32()
  private var adler: UInt32 = 1

  /// Creates the digest of zero bytes.
  package init() {}

  /// Creates a digest from its ``hexadecimal`` form; nil if `text` is not one.
  package init?(hexadecimal text: String) {
    guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { return nil }
    checksum = CRC32(UInt32(value >> 32))
    adler = UInt32(truncatingIfNeeded: value)
  }

  /// Appends `bytes`.
  package mutating func update(_ bytes: RawSpan) {
    checksum.update(bytes)
    adler = unsafe bytes.withUnsafeBytes { buffer in
      // Without a buffer, zlib returns the initial value.
      guard unsafe !buffer.isEmpty else { return adler }
      return unsafe UInt32(adler32_z(UInt(adler), buffer.baseAddress, buffer.count))
    }
  }

  /// The digest as a number: the CRC-32 in the high half, the Adler-32 in the low one.
  package var value: UInt64 { UInt64(checksum.value) << 32 | UInt64(adler) }

  /// The value as sixteen hexadecimal digits, lowercase.
  package var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
