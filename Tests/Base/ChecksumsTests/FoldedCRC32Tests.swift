import SpecGANChecksums
import SpecGANTestSupport
import Testing

/// Blocks of 64 bytes are folded where the processor can, the rest is zlib's.
@Suite struct FoldedCRC32Tests {
  private let bytes = (0..<4 * 4096).map {
    UInt8(truncatingIfNeeded: $0 * $0 * 2_654_435_761 >> 13)
  }

  @Test func everyLengthAroundTheBlocksIsRight() {
    for count in Array(0...300) + [1023, 1024, 1025, bytes.count] {
      var checksum = CRC32()
      unsafe checksum.update(bytes.span.extracting(first: count).bytes)
      #expect(checksum.value == bitwiseCRC32(Array(bytes.prefix(count))), "\(count) bytes")
    }
  }

  /// After other bytes, and from places that no vector is aligned to.
  @Test func everyCutIsRight() {
    let expected = bitwiseCRC32(Array(bytes.prefix(1000)))
    for cut in 0...1000 {
      var checksum = CRC32()
      unsafe checksum.update(bytes.span.extracting(0..<cut).bytes)
      unsafe checksum.update(bytes.span.extracting(cut..<1000).bytes)
      #expect(checksum.value == expected, "cut at \(cut)")
    }
  }
}
