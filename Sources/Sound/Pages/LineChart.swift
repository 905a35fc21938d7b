internal import Foundation
internal import SpecGANErrors

/// A line chart, drawn as SVG: each line as measured, faint, and its moving average, strong.
///
/// A line of many points is drawn by its minima and maxima, so that charts of 200,000 steps stay
/// small and keep all peaks. Values that are not finite, or not positive on a logarithmic axis, are
/// gaps.
package struct LineChart: Sendable {
  /// A line.
  package struct Series: Sendable {
    /// The name in the legend.
    package let name: String
    let curve: Curve

    /// Creates the line through `(x[i], y[i])`.
    ///
    /// - Precondition: `x` and `y` have the same count, and `x` does not decrease.
    package init(name: String, x: [Double], y: [Double]) {
      require(x.count == y.count, "\(x.count) places for \(y.count) values")
      self.name = name
      curve = Curve(x: x, y: y)
    }
  }

  /// The scale of the vertical axis.
  package enum Scale: CaseIterable, Sendable {
    /// A linear scale.
    case linear
    /// A logarithmic scale.
    case logarithmic
  }

  /// The title.
  package let title: String
  /// A sentence that explains the chart.
  package let explanation: String
  /// The title of the horizontal axis.
  package let xTitle: String
  /// The scale of the vertical axis.
  package let scale: Scale
  /// Whether the values of the horizontal axis are integers.
  package let hasWholeX: Bool
  /// The lines, two at most.
  package let series: [Series]

  /// The largest number of points of a drawn line.
  static let mostPoints = 1_000
  /// The number of points up to which a line also has dots.
  private static let fewPoints = 50

  /// Creates a chart of `series`.
  ///
  /// - Precondition: there are at most two lines, because not every reader can distinguish more
  ///   colors.
  package init(
    title: String, explanation: String, xTitle: String, hasWholeX: Bool = true,
    scale: Scale = .linear, series: [Series]
  ) {
    require(series.count <= 2, "\(series.count) lines are more than two")
    self.title = title
    self.explanation = explanation
    self.xTitle = xTitle
    self.hasWholeX = hasWholeX
    self.scale = scale
    self.series = series
  }

  /// The chart under its title, with a legend if it has two lines.
  package var html: HTML {
    HTML(.figure, .class("chart card")) {
      HTML(.figcaption) {
        HTML(.strong) { title }
        if series.count > 1 {
          for (index, line) in series.enumerated() {
            HTML(.span, .class(index == 0 ? "legend" : "legend second")) { line.name }
          }
        }
        HTML(.p) { explanation }
      }
      drawing
      HTML(.output)
    }
  }

  private var axes: (x: Axis, y: Axis) {
    (
      Axis(series.lazy.flatMap(\.curve.x), goal: 5, isRounded: false, isWhole: hasWholeX),
      Axis(
        series.lazy.flatMap(\.curve.y), scale: scale, goal: 4)
    )
  }

  private var drawing: HTML {
    let axes = axes
    let frame = Frame.standard
    return HTML(
      .svg, Attribute("viewBox", "0 0 \(Frame.size.width) \(Frame.size.height)"),
      Attribute("role", "img"), Attribute("aria-label", "\(title). \(summary)"),
      Attribute("data-frame", "\(frame.left) \(frame.top) \(frame.width) \(frame.height)"),
      Attribute("data-title", xTitle), Attribute("data-whole", hasWholeX ? "1" : ""),
      Attribute("data-x", axes.x.ends),
      Attribute("data-y", axes.y.ends)
    ) {
      HTML(.title) { title }
      HTML(.desc) { summary }
      frame.grid(axes.x, axes.y, xTitle: xTitle)
      for (index, line) in series.enumerated() {
        lines(of: line, isSecond: index > 0, frame, axes.x, axes.y)
      }
      HTML(
        .line, .class("cursor"), Attribute("x1", "0"), Attribute("x2", "0"),
        Attribute("y1", "\(frame.top)"), Attribute("y2", "\(frame.bottom)"))
    }
  }

  private func lines(
    of line: Series, isSecond: Bool, _ frame: Frame, _ x: Axis, _ y: Axis
  ) -> HTML {
    let count = line.curve.x.count
    let width = 2 * (count / 100) + 1
    var html = HTML()
    if width > 1 {
      let raw = line.curve.thinned(to: Self.mostPoints)
      html.append(
        HTML(
          .path, .class(isSecond ? "faint second" : "faint"),
          Attribute("d", frame.path(raw, x, y))))
    }
    let mean = line.curve.smoothed(over: width).thinned(to: Self.mostPoints)
    html.append(
      HTML(
        .path, .class(isSecond ? "strong second" : "strong"), Attribute("data-name", line.name),
        Attribute("d", frame.path(mean, x, y))))
    guard count <= Self.fewPoints else { return html }
    for (place, value) in frame.points(line.curve, x, y) where value.isFinite {
      html.append(
        HTML(
          .circle, .class(isSecond ? "second" : "first"), Attribute("cx", Frame.text(place)),
          Attribute("cy", Frame.text(value)), Attribute("r", "2.5")))
    }
    return html
  }

  /// A description for readers who cannot see the chart.
  private var summary: String {
    series.map { line in
      let values = line.curve.y.filter(\.isFinite)
      guard let low = values.min(), let high = values.max(), let last = values.last else {
        return "\(line.name): no values."
      }
      return String(
        format:
          "\(line.name.replacing("%", with: "%%")): %d values over \(xTitle), from %.4g to %.4g, the last %.4g.",
        values.count, low, high, last)
    }.joined(separator: " ")
  }
}

extension Axis {
  /// The data with which the page's script converts positions into values.
  fileprivate var ends: String { "\(lowest) \(highest) \(scale == .logarithmic ? 1 : 0)" }
}
