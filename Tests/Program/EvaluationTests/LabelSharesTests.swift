import SpecGANEvaluation
import SpecGANTestSupport
import Testing

/// The labels of generated clips follow those of the real ones.
@Suite struct LabelSharesTests {
  /// 6, 3 and 1 of ten real clips: of 20 generated ones 12, 6 and 2, each label's first clips.
  @Test func labelsHaveTheSharesOfTheRealClips() {
    let shares = LabelShares(counts: ["kick": 6, "snare": 3, "hat": 1, "other": 50])
    let numbers = shares.clipNumbers(count: 20, labels: ["hat", "kick", "snare"])
    #expect(numbers.count == 20 && Set(numbers).count == 20 && numbers == numbers.sorted())
    let labels = numbers.map { $0 % 3 }
    #expect([0, 1, 2].map { label in labels.count { $0 == label } } == [2, 12, 6])
    #expect(numbers.filter { $0 % 3 == 1 } == (0..<12).map { 1 + 3 * $0 })
    #expect(shares.areUnequal(for: ["hat", "kick", "snare"]))
  }

  /// The largest remainders get what is left: 10 · 5/8, 10 · 2/8 and 10 · 1/8 are 6.25, 2.5, 1.25.
  @Test func remaindersAreShared() {
    let shares = LabelShares(counts: ["a": 5, "b": 2, "c": 1])
    let labels = shares.clipNumbers(count: 10, labels: ["a", "b", "c"]).map { $0 % 3 }
    #expect([0, 1, 2].map { label in labels.count { $0 == label } } == [6, 3, 1])
  }

  /// Equal shares give the clips that `generate` writes first, for any count.
  @Test(arguments: [1, 2, 3, 7, 100]) func equalSharesChangeNothing(_ count: Int) {
    let shares = LabelShares(counts: ["a": 9, "b": 9, "c": 9])
    let numbers = shares.clipNumbers(count: count, labels: ["a", "b", "c"])
    #expect(numbers == Array(0..<count))
    #expect(!shares.areUnequal(for: ["a", "b", "c"]))
  }

  @Test func withoutCommonLabelsNothingChanges() {
    #expect(LabelShares().clipNumbers(count: 4, labels: ["a", "b"]) == [0, 1, 2, 3])
    #expect(
      LabelShares(counts: ["x": 3]).clipNumbers(count: 4, labels: ["a", "b"]) == [0, 1, 2, 3])
    #expect(LabelShares(counts: ["a": 3]).clipNumbers(count: 2, labels: []) == [0, 1])
  }
}
