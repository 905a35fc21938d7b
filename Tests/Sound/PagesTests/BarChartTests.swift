import SpecGANPages
import Testing

/// Bars are as high as their values, on one scale with their marks, and every category is named in
/// words.
@Suite struct BarChartTests {
  private static func chart(_ names: [String], highest: Double = 0) -> String {
    BarChart(
      title: "classes",
      bars: names.enumerated().map {
        .init(name: $1, value: 0.1 * Double($0 + 1), mark: 0.4)
      }, highest: highest
    ).html.markup
  }

  private static func numbers(_ name: String, of tag: String, in markup: String) -> [Double] {
    markup.split(separator: "<").filter { $0.hasPrefix(tag) }.compactMap { element in
      element.firstRange(of: " \(name)=\"").flatMap { start in
        Double(element[start.upperBound...].prefix { $0 != "\"" })
      }
    }
  }

  @Test func heightsAreInProportion() {
    let markup = Self.chart(["a", "b", "c"])
    let heights = Self.numbers("height", of: "rect", in: markup)
    #expect(heights.count == 3)
    // Coordinates are rounded to hundredths.
    #expect(abs(heights[1] - 2 * heights[0]) < 0.03 && abs(heights[2] - 3 * heights[0]) < 0.03)
    let half = Self.numbers("height", of: "rect", in: Self.chart(["a", "b", "c"], highest: 0.8))
    #expect(abs(half[0] - heights[0] / 2) < 0.02)
    #expect(markup.components(of: "class=\"mark\"") == 3)
  }

  @Test func categoriesAreNamedAsRoomAllows() {
    let few = Self.chart(["kick", "snare"])
    #expect(few.contains(">kick</text>") && few.contains(">snare</text>"))
    let many = Self.chart((0..<60).map { "category \($0)" })
    #expect(many.components(of: "</text>") < 20)
    #expect(many.contains("category 59: 600.0 %, marked at 40.0 %"))
    // The ten digits' words beside each other, and of fifty numbers every third.
    let words = Self.chart(["seven"] + [String](repeating: "three", count: 9))
    #expect(words.components(of: ">three</text>") == 9)
    let numbers = Self.chart((1...50).map(String.init))
    #expect(numbers.contains(">49</text>") && numbers.contains(">4</text>"))
    #expect(!numbers.contains(">48</text>") && !numbers.contains(">47</text>"))
    #expect(
      Self.chart(["<b>&"]).contains("&lt;b>&amp;")
        || Self.chart(["<b>&"]).contains("&lt;b&gt;&amp;"))
    #expect(!Self.chart(["<b>&"]).contains("<b>"))
    #expect(!Self.chart([]).contains("nan"))
  }
}

extension String {
  fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
