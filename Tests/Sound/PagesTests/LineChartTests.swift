import Foundation
import SpecGANPages
import Testing

/// Ticks are round, peaks stay, gaps stay, and many points become few.
@Suite struct LineChartTests {
  /// If the horizontal values are integers, no tick is a fraction; otherwise ticks may be.
  @Test func fractionsAreOnAnAxisThatHasSome() {
    func chart(_ hasWholeX: Bool) -> String {
      LineChart(
        title: "t", explanation: "e", xTitle: "x", hasWholeX: hasWholeX,
        series: [.init(name: "n", x: [0, 0.5, 1], y: [1, 2, 3])]
      ).html.markup
    }
    #expect(!chart(true).contains(">0.4<") && chart(true).contains("data-whole=\"1\""))
    #expect(chart(false).contains(">0.4<") && chart(false).contains("data-whole=\"\""))
  }

  // MARK: - Axes

  @Test(arguments: [
    ([0.0, 10.0], ["0", "2", "4", "6", "8", "10"]),
    ([-3.2, 7.9], ["−4", "−2", "0", "2", "4", "6", "8"]),
    ([0.011, 0.043], ["0.010", "0.015", "0.020", "0.025", "0.030", "0.035", "0.040", "0.045"]),
    ([1, 200_000], ["0", "50\u{202F}000", "100\u{202F}000", "150\u{202F}000", "200\u{202F}000"]),
    ([1e-9, 4e-9], ["1e-09", "1.5e-09", "2e-09", "2.5e-09", "3e-09", "3.5e-09", "4e-09"]),
  ]) func roundNumbersAreTicks(_ values: [Double], _ labels: [String]) {
    let axis = Axis(values, goal: 5)
    #expect(axis.ticks.map(\.label) == labels)
    #expect(axis.ticks.first?.place == 0 && axis.ticks.last?.place == 1)
    for value in values { #expect((0...1).contains(axis.place(of: value))) }
  }

  @Test func aLogarithmicAxisHasPowersOfTen() {
    let axis = Axis([0.002, 700, 0, -1, .nan], scale: .logarithmic, goal: 5)
    #expect(axis.ticks.map(\.label) == ["0.001", "0.1", "10", "1000"])
    #expect(axis.place(of: 1) == 0.5)
    #expect(axis.place(of: 0).isNaN && axis.place(of: -1).isNaN)
    let narrow = Axis([3, 9.5], scale: .logarithmic, goal: 5)
    #expect(narrow.ticks.map(\.label) == ["3", "4", "5", "6", "7", "8", "9", "10"])
  }

  /// No values, one value, equal values and extreme ones: the axis is valid, and positions are
  /// finite.
  @Test(
    arguments: [
      [], [.nan], [0], [5, 5], [-7], [1e300, -1e300], [1e-300], [.infinity, 3], [1e15, 1e15 + 1],
    ] as [[Double]]) func anyValuesHaveAnAxis(_ values: [Double])
  {
    for scale in [LineChart.Scale.linear, .logarithmic] {
      for isRounded in [true, false] {
        let axis = Axis(values, scale: scale, isRounded: isRounded)
        #expect(axis.lowest < axis.highest && axis.ticks.count < 30)
        for value in values where value.isFinite && (scale == .linear || value > 0) {
          #expect((-1e-9...1 + 1e-9).contains(axis.place(of: value)), "\(values) \(axis)")
        }
        for (tick, next) in zip(axis.ticks, axis.ticks.dropFirst()) {
          #expect(tick.place < next.place)
        }
      }
    }
  }

  // MARK: - Curves

  private static let tiny = Double.leastNonzeroMagnitude

  /// Values so close to zero, or so far apart, that a step between round numbers underflows or
  /// overflows: the page is still valid.
  @Test(
    arguments: [[2 * tiny, 10 * tiny], [0, tiny], [-1e308, 1e308]], LineChart.Scale.allCases)
  func noNumbersEndThePage(_ values: [Double], _ scale: LineChart.Scale) {
    let chart = LineChart(
      title: "t", explanation: "", xTitle: "x", scale: scale,
      series: [.init(name: "n", x: [1, 2], y: values)])
    #expect(chart.html.markup.contains("<svg"))
  }

  @Test func thinningKeepsEveryPeakAndTheEnds() {
    var curve = Curve(x: (1...200_000).map(Double.init), y: [])
    curve.y = curve.x.map { sin($0 / 9_000) }
    curve.y[77_777] = 40
    curve.y[123_456] = -40
    let thin = curve.thinned(to: 1_000)
    #expect(thin.x.count <= 1_000 && thin.x.count > 900)
    #expect(thin.y.max() == 40 && thin.y.min() == -40)
    #expect(thin.x == thin.x.sorted() && thin.x.first == 1)
    for (x, y) in zip(thin.x, thin.y) { #expect(curve.y[Int(x) - 1] == y) }
  }

  @Test func gapsStayGaps() {
    var curve = Curve(x: (0..<10_000).map(Double.init), y: [])
    curve.y = curve.x.map { (4_000..<6_000).contains($0) ? .nan : 1 }
    let thin = curve.smoothed(over: 201).thinned(to: 100)
    #expect(thin.y.contains { $0.isNaN })
    for (x, y) in zip(thin.x, thin.y) { #expect(y.isNaN == (4_000..<6_000).contains(x)) }
    let all = Curve(x: [1, 2], y: [.nan, .infinity])
    #expect(all.smoothed(over: 3).y.count { $0.isNaN } == 2)
  }

  @Test func theMovingMeanIsTheMean() {
    let curve = Curve(x: [0, 1, 2, 3, 4], y: [1, 2, 6, 4, 2])
    #expect(curve.smoothed(over: 3).y == [1, 3, 4, 4, 2])
    #expect(curve.smoothed(over: 1) == curve)
    let line = Curve(x: (0..<50).map(Double.init), y: (0..<50).map(Double.init))
    #expect(line.smoothed(over: 7) == line)
  }

  // MARK: - Drawings

  @Test func aLongRunsChartIsSmall() {
    let steps = (1...200_000).map(Double.init)
    let chart = LineChart(
      title: "Norms", explanation: "", xTitle: "step", scale: .logarithmic,
      series: ["a", "b"].map { name in
        .init(name: name, x: steps, y: steps.map { 1 + abs(sin($0)) })
      })
    let markup = chart.html.markup
    #expect(markup.utf8.count < 80_000, "\(markup.utf8.count)")
    #expect(markup.matches(of: /<path class="faint/).count == 2)
    #expect(markup.matches(of: /<path class="strong/).count == 2)
    #expect(markup.matches(of: /class="legend/).count == 2)
  }

  @Test func fewPointsAreDotsAndNamesAreText() {
    let chart = LineChart(
      title: "<b>", explanation: "100 % &", xTitle: "step",
      series: [.init(name: "%s\"><i>", x: [1, 2, 3], y: [1, .nan, 2])])
    let markup = chart.html.markup
    #expect(markup.matches(of: /<circle/).count == 2)
    #expect(!markup.contains("<b>") && !markup.contains("<i>"))
    #expect(markup.contains("%s&quot;&gt;&lt;i&gt;: 2 values over step, from 1 to 2, the last 2."))
  }
}
