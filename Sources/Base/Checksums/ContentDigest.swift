internal import CSpecGANZlib

/// What bytes are known by: their CRC-32 and their Adler-32, 64 bits together.
///
/// Two files that differ have the same one by a chance of about 2⁻⁶⁴, where they hold some hundred
/// bytes or more; so among 100,000 files two are taken for one by about 2⁻³². It is no proof
/// against somebody who makes such files on purpose. Source: zlib manual, `crc32` and `adler32`,
/// <https://zlib.net/manual.html#Checksum>.
package struct ContentDigest: Hashable, Sendable {
  private var checksum = CRC32()
  private var adler: UInt32 = 1

  /// The digest of no bytes.
  package init() {}

  /// The digest that ``hexadecimal`` wrote as `text`; `nil` where that is none.
  package init?(hexadecimal text: String) {
    guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { return nil }
    checksum = CRC32(UInt32(value >> 32))
    adler = UInt32(truncatingIfNeeded: value)
  }

  /// Takes `bytes` in.
  package mutating func update(_ bytes: RawSpan) {
    checksum.update(bytes)
    adler = unsafe bytes.withUnsafeBytes { buffer in
      // Without a buffer zlib answers with the first value.
      guard unsafe !buffer.isEmpty else { return adler }
      return unsafe UInt32(adler32_z(UInt(adler), buffer.baseAddress, buffer.count))
    }
  }

  /// Both in turn: the CRC-32 in the high half.
  package var value: UInt64 { UInt64(checksum.value) << 32 | UInt64(adler) }

  /// Sixteen hexadecimal digits, lower case.
  package var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
