import SpecGANRuns
import Testing

/// A label is found as people type it, and a name never stands for one of several.
@Suite struct LabelMatchTests {
  private let labels = ["Kick", "Hat Open", "SNARE", "snare", "Ca\u{301}mara"]

  private func match(_ name: String) -> LabelMatch { LabelMatch(name, among: labels) }

  @Test func theCaseMattersOnlyBetweenLabelsThatDifferInNothingElse() {
    for name in ["Kick", "kick", "KICK"] { #expect(match(name) == .label(0)) }
    #expect(match("hat open") == .label(1))
    #expect(match("SNARE") == .label(2) && match("snare") == .label(3))
    #expect(match("Snare") == .several(["SNARE", "snare"]))
    for name in ["C\u{E1}mara", "ca\u{301}MARA", "C\u{C1}MARA"] {
      #expect(match(name) == .label(4))
    }
  }

  @Test func anUnknownLabelHasTheNearestOneOnlyIfItIsClose() {
    #expect(match("kik") == .unknown(nearest: "Kick"))
    #expect(match("hatopen") == .unknown(nearest: "Hat Open"))
    #expect(match("tom") == .unknown(nearest: nil) && match("") == .unknown(nearest: nil))
    #expect(LabelMatch("kick", among: []) == .unknown(nearest: nil))
  }

  /// Forms of Unicode are different labels if a folder has both.
  @Test func theSameBytesArePreferred() {
    let both = ["caf\u{E9}", "cafe\u{301}"]
    #expect(both.indices.allSatisfy { LabelMatch(both[$0], among: both) == .label($0) })
  }
}
