import SpecGANEvaluation
import Testing

/// Text in tables: values with significant digits, and headings that distinguish columns.
@Suite struct TableTextTests {
  @Test(arguments: [
    (4.118, 0.0312, "4.12 ± 0.03"), (-38.26, 4.71, "−38.3 ± 4.7"), (0.16, 0.0103, "0.160 ± 0.010"),
    (0.000155, 0.000899, "0.000155 ± 0.000899"), (-0.0000001, 0.0005, "0.000000 ± 0.000500"),
    (1, 0, "1.00 ± 0.00"), (0, 0, "0"), (1_811_616, 20_000, "(1.81 ± 0.02)·10⁶"),
    (2, .infinity, "2.00"),
  ])
  func deviationsHaveTheDecimalsOfWhatTheyAreOf(
    _ value: Double, _ deviation: Double, _ text: String
  ) {
    #expect(Score(value, deviation: deviation).text == text)
  }

  @Test(arguments: [
    (0.046, -0.0344, 0.1264, "0.046 [−0.034, 0.126]"), (0.16, 0.139, 0.181, "0.160 [0.139, 0.181]"),
    (-0.58, -1.97, 0.81, "−0.58 [−1.97, 0.81]"),
    (1_811_616, 1_700_000, 1_920_000, "(1.81 [1.70, 1.92])·10⁶"), (2, 1, .infinity, "2.00"),
  ])
  func intervalsHaveTheDecimalsOfTheirLargestEnd(
    _ value: Double, _ low: Double, _ high: Double, _ text: String
  ) {
    #expect(Score(value, standardError: 1, interval: low...high).text == text)
  }

  @Test(arguments: [
    (0, "0"), (1, "1.00"), (0.995, "0.995"), (0.0342, "0.0342"), (13.76, "13.8"), (688.24, "688"),
    (1_262.28, "1262"), (12_345, "1.23·10⁴"), (1_811_616.21, "1.81·10⁶"), (-2.5e12, "−2.50·10¹²"),
    (0.00001234, "0.0000123"), (0.00000123, "1.23·10⁻⁶"), (.infinity, "–"), (.nan, "–"),
  ])
  func numbersHaveThreeDigits(_ value: Double, _ text: String) {
    #expect(Score(value).text == text)
  }

  @Test func scoresOfFewClipsHaveAMark() {
    #expect(Score(0.98, isOfFew: true).text == "0.980*")
    #expect(Score(0.5, deviation: 0.25, isOfFew: true).text == "0.500 ± 0.250*")
    #expect(Score(.nan, isOfFew: true).text == "–", "a missing score has no mark")
  }

  /// Each has its own text, so that a new score without a text is noticed.
  @Test func everyScoreHasItsText() {
    let all = ScoreKind.allCases
    #expect(Set(all.map(\.name)).count == all.count)
    #expect(Set(all.map(\.explanation)).count == all.count)
  }

  @Test(arguments: [
    (
      ["real", "held-out", "x/y/specgan", "x/y/wavegan/"],
      ["real", "held-out", "specgan", "wavegan"]
    ),
    (
      ["runs/a/specgan", "runs/b/specgan", "runs/b/wavegan"], ["a/specgan", "b/specgan", "wavegan"]
    ),
    (["specgan", "x/specgan", "/y/specgan"], ["specgan", "x/specgan", "y/specgan"]),
    (["x/run", "x/run@reference"], ["run", "run@reference"]),
    (["real", "x/real"], ["real", "x/real"]),
    // The same path twice cannot be distinguished.
    (["real", "x/run", "x/run", "real"], ["real", "x/run", "x/run", "real"]),
    (["/", "a"], ["/", "a"]),
  ])
  func headingsAreTheShortestEnds(_ paths: [String], _ headings: [String]) {
    #expect(shortestSuffixes(of: paths) == headings)
  }
}
