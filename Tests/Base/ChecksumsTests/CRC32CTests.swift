import SpecGANChecksums
import Testing

@Suite struct CRC32CTests {
  /// Source: RFC 3720, section B.4, whose checksums stand with their lowest byte first; the last is
  /// the check value of CRC-32/ISCSI.
  @Test(
    arguments: [
      ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
      ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Array(0...31), 0x46DD_794E), ((0...31).reversed(), 0x113F_DB5C), ([], 0),
      (Array("123456789".utf8), 0xE306_9283),
    ] as [([UInt8], UInt32)])
  func theStandardsChecksumsAreRight(_ bytes: [UInt8], _ expected: UInt32) {
    let checksum = unsafe CRC32C(of: bytes.span.bytes)
    #expect(checksum.value == expected)
  }
}
