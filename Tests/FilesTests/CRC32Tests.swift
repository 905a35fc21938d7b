import Files
import Testing

@Suite struct CRC32Tests {
  /// The check value of CRC-32/ISO-HDLC in Williams, "A Painless Guide to CRC Error Detection".
  @Test func theCheckValueIsRight() {
    var checksum = CRC32()
    checksum.update("123456789")
    #expect(checksum.value == 0xCBF4_3926)
    #expect(checksum.hexadecimal == "cbf43926")
  }

  @Test(arguments: 0...9) func piecesAreAsGoodAsTheWhole(_ cut: Int) {
    var checksum = CRC32()
    checksum.update(String("123456789".prefix(cut)))
    checksum.update(String("123456789".dropFirst(cut)))
    #expect(checksum.value == 0xCBF4_3926)
  }

  @Test func noBytesChangeNothing() {
    var checksum = CRC32()
    #expect(checksum.hexadecimal == "00000000")
    checksum.update("123456789")
    checksum.update("")
    unsafe checksum.update(UnsafeRawBufferPointer(start: nil, count: 0).bytes)
    #expect(checksum.hexadecimal == "cbf43926")
  }
}
