import SpecGANChecksums
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
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

  @Test func piecesSumUpToTheWhole() {
    let bytes = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
    for cuts in [[0, 5000], [0, 0, 1, 4999, 5000], [0, 1234, 1234, 3000, 5000]] {
      var whole = CRC32()
      for (start, end) in zip(cuts, cuts.dropFirst()) {
        var piece = CRC32()
        unsafe piece.update(Array(bytes[start..<end]).span.bytes)
        whole.append(piece, byteCount: end - start)
      }
      #expect(whole.value == bitwiseCRC32(bytes))
    }
  }

  @Test func aFileHasTheChecksumOfItsBytes() throws {
    try withTemporaryFolder { folder in
      for count in [0, 1, 1 << 16, (1 << 16) + 1, 200_000] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }
        let (checksum, byteCount) = try CRC32.ofFile(try folder.write(bytes, as: "file"))
        #expect(checksum.value == bitwiseCRC32(bytes) && byteCount == count)
      }
      #expect(throws: SpecGANError.notFound(path: folder.path("none"))) {
        try CRC32.ofFile(folder.path("none"))
      }
      #expect(throws: SpecGANError.self) { try CRC32.ofFile(folder.path) }
      #expect(throws: SpecGANError.self) { try CRC32.ofFile("/dev/zero") }
    }
  }
}
