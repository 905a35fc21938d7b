internal import Foundation

/// A bar chart of categories, drawn as SVG, with a mark at each bar's reference value.
package struct BarChart: Sendable {
  /// A category.
  package struct Bar: Sendable {
    /// The name of the category.
    package let name: String
    /// The value of the bar.
    package let value: Double
    /// The value of the mark.
    package let mark: Double

    /// Creates a bar with its mark.
    package init(name: String, value: Double, mark: Double) {
      (self.name, self.value, self.mark) = (name, value, mark)
    }
  }

  /// The title.
  package let title: String
  /// The categories, in their order.
  package let bars: [Bar]
  /// The smallest upper end of the axis, so that charts next to each other can be compared.
  package let highest: Double

  /// Creates a chart of `bars`.
  package init(title: String, bars: [Bar], highest: Double) {
    self.title = title
    self.bars = bars
    self.highest = highest
  }

  /// The chart under its title.
  package var html: HTML {
    HTML(.figure, .class("chart card")) {
      HTML(.figcaption) { HTML(.strong) { title } }
      drawing
    }
  }

  private static let frame = Frame.standard
  /// The width of a letter, rounded up, and the space between names, in units of the drawing.
  private static let (letterWidth, gap) = (7.0, 5.0)

  private var drawing: HTML {
    let axis = Axis([0, highest] + bars.map(\.value) + bars.map(\.mark), goal: 4)
    let frame = Self.frame
    return HTML(
      .svg, Attribute("viewBox", "0 0 \(Frame.size.width) \(Frame.size.height)"),
      Attribute("role", "img"), Attribute("aria-label", "\(title). \(summary)")
    ) {
      HTML(.title) { title }
      HTML(.desc) { summary }
      frame.grid(nil, axis, xTitle: "")
      for (index, bar) in bars.enumerated() { drawing(of: bar, at: index, axis) }
    }
  }

  private func drawing(of bar: Bar, at index: Int, _ axis: Axis) -> HTML {
    let frame = Self.frame
    let step = frame.width / Double(bars.count)
    let left = frame.left + step * Double(index)
    let (top, mark) = (height(bar.value, axis), height(bar.mark, axis))
    return HTML(.g) {
      HTML(.title) { sentence(bar) }
      HTML(
        .rect, Attribute("x", Frame.text(left + 0.15 * step)), Attribute("y", Frame.text(top)),
        Attribute("width", Frame.text(0.7 * step)),
        Attribute("height", Frame.text(frame.bottom - top)))
      HTML(
        .line, .class("mark"), Attribute("x1", Frame.text(left + 0.05 * step)),
        Attribute("x2", Frame.text(left + 0.95 * step)), Attribute("y1", Frame.text(mark)),
        Attribute("y2", Frame.text(mark)))
      if index.isMultiple(of: namedStride) {
        HTML(
          .text, Attribute("x", Frame.text(left + step / 2)),
          Attribute("y", Frame.text(frame.bottom + 18)), Attribute("text-anchor", "middle")
        ) { bar.name }
      }
    }
  }

  /// The stride at which categories are named, so that names do not overlap.
  private var namedStride: Int {
    let longest = Double(bars.map(\.name.count).max() ?? 0) * Self.letterWidth + Self.gap
    return max(1, Int((longest * Double(bars.count) / Self.frame.width).rounded(.up)))
  }

  private func height(_ value: Double, _ axis: Axis) -> Double {
    Self.frame.bottom - Self.frame.height * axis.place(of: value)
  }

  private func sentence(_ bar: Bar) -> String {
    "\(bar.name): "
      + String(format: "%.1f %%, marked at %.1f %%", 100 * bar.value, 100 * bar.mark)
  }

  /// A description for readers who cannot see the chart.
  private var summary: String { bars.map(sentence).joined(separator: "; ") + "." }
}
