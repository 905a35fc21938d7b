import SpecGANChecksums
import SpecGANErrors
import SpecGANFiles
import SpecGANTestSupport
import Testing

@Suite struct ContentDigestTests {
  @Test func itIsBothChecksumsOfAFile() throws {
    try withTemporaryFolder { folder in
      for count in [0, 1, 1 << 16, (1 << 16) + 1, 200_000] {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }
        let found = try ContentDigest.ofFile(try folder.write(bytes, as: "file"))
        #expect(found.byteCount == count)
        #expect(UInt32(found.digest.value >> 32) == bitwiseCRC32(bytes))
        #expect(UInt32(truncatingIfNeeded: found.digest.value) == plainAdler32(bytes))
      }
      #expect(throws: SpecGANError.self) { try ContentDigest.ofFile(folder.path("none")) }
    }
  }

  @Test func itIsWrittenInSixteenDigits() throws {
    try withTemporaryFolder { folder in
      let digest = try ContentDigest.ofFile(folder.write(Array("a".utf8), as: "file")).digest
      #expect(digest.hexadecimal == "e8b7be4300620062")
      #expect(ContentDigest(hexadecimal: digest.hexadecimal) == digest)
      #expect(try ContentDigest.ofFile(folder.write([], as: "file")).digest.hexadecimal.count == 16)
      for text in ["", "e8b7be43", "e8b7be430062006x"] {
        #expect(ContentDigest(hexadecimal: text) == nil)
      }
    }
  }
}
