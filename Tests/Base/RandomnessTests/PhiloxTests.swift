import SpecGANRandomness
import SpecGANTestSupport
import Testing

@Suite struct PhiloxTests {
  /// From Random123 1.14's `tests/kat_vectors`, the lines of `philox4x32 10`.
  @Test func passesTheKnownAnswers() {
    #expect(
      Philox.block(counter: .zero, key: .zero)
        == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    #expect(
      Philox.block(counter: .init(repeating: .max), key: .init(repeating: .max))
        == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    #expect(
      Philox.block(
        counter: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344],
        key: [0xA409_3822, 0x299F_31D0])
        == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
  }

  @Test func equalsTheReferenceProgram() throws {
    let golden = try Golden("philox")
    let counters = try golden.words("known/counter")
    let keys = try golden.words("known/key")
    let blocks = try golden.words("known/block")
    #expect(golden.shape("known/block") == [3, 4])
    for row in 0..<3 {
      let counter = SIMD4(counters[4 * row..<4 * row + 4])
      let block = SIMD4(blocks[4 * row..<4 * row + 4])
      #expect(Philox.block(counter: counter, key: [keys[2 * row], keys[2 * row + 1]]) == block)
    }
  }
}
