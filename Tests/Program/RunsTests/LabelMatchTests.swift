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

  /// A list is split at each comma that is not part of a label.
  @Test func labelsMayContainCommas() {
    func items(_ list: String, among labels: [String]) -> [String] {
      LabelMatch.items(of: list, among: labels)
    }
    #expect(items("a,b", among: ["a", "b"]) == ["a", "b"])
    #expect(items("a,b,c,A,B", among: ["a,b", "c"]) == ["a,b", "c", "A,B"])
    #expect(items("a,b,c", among: ["a", "b", "a,b", "c"]) == ["a,b", "c"], "the longest counts")
    #expect(items("a,c,b,c", among: ["b,c"]) == ["a", "c", "b,c"], "unknown ones are split")
    #expect(items("a,,", among: ["a", "x,y,z"]) == ["a", "", ""])
    #expect(items("", among: ["a,b"]) == [""] && items("a,b", among: []) == ["a", "b"])
    let mixture = LabelMatch.items(of: "a,b=1,c,b=2", among: ["a,b", "b", "c"]) { item in
      let words = item.split(separator: "=").map(String.init)
      return words.count == 2 ? words[0] : nil
    }
    #expect(mixture == ["a,b=1", "c", "b=2"])
  }

  /// Forms of Unicode are different labels if a folder has both.
  @Test func theSameBytesArePreferred() {
    let both = ["caf\u{E9}", "cafe\u{301}"]
    #expect(both.indices.allSatisfy { LabelMatch(both[$0], among: both) == .label($0) })
  }
}
