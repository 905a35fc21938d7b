internal import Foundation

/// The rectangle of a chart's lines in the drawing, in units of the drawing.
struct Frame: Sendable {
  let left, top, width, height: Double

  var right: Double { left + width }
  var bottom: Double { top + height }

  /// The size of the drawing.
  static let size = (width: 480, height: 230)
  /// The frame that leaves space for labels at the left and below, and for half a label at the
  /// right.
  static let standard = Frame(left: 58, top: 8, width: 400, height: 182)

  /// Returns the points of `curve`; the ordinate of a gap is NaN.
  func points(_ curve: Curve, _ x: Axis, _ y: Axis) -> [(Double, Double)] {
    zip(curve.x, curve.y).map { place, value in
      (left + width * x.place(of: place), bottom - height * y.place(of: value))
    }
  }

  /// Returns the points of `curve` as a path, which is interrupted at gaps.
  func path(_ curve: Curve, _ x: Axis, _ y: Axis) -> String {
    var path = ""
    var isDown = false
    for (place, value) in points(curve, x, y) {
      guard value.isFinite else {
        isDown = false
        continue
      }
      path += "\(isDown ? "L" : "M")\(Self.text(place)) \(Self.text(value))"
      isDown = true
    }
    return path
  }

  /// Returns horizontal lines at the ticks, labels, and a title under the horizontal axis if it is
  /// numeric.
  func grid(_ x: Axis?, _ y: Axis, xTitle: String) -> HTML {
    var html = HTML()
    for tick in y.ticks where (-1e-9...1 + 1e-9).contains(tick.place) {
      let height = bottom - self.height * tick.place
      html.append(rule(from: (left, height), to: (right, height)))
      html.append(label(tick.label, at: (left - 8, height + 4), anchor: "end"))
    }
    for tick in x?.ticks ?? [] where (-1e-9...1 + 1e-9).contains(tick.place) {
      let place = left + width * tick.place
      html.append(rule(from: (place, bottom), to: (place, bottom + 4)))
      html.append(label(tick.label, at: (place, bottom + 18), anchor: "middle"))
    }
    html.append(label(xTitle, at: (right, bottom + 35), anchor: "end"))
    return html
  }

  /// Returns a coordinate with two decimals.
  static func text(_ coordinate: Double) -> String {
    let hundredths = Int((100 * coordinate).rounded())
    let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
    let sign = hundredths < 0 ? "-" : ""
    if rest == 0 { return "\(sign)\(whole)" }
    return "\(sign)\(whole)."
      + (rest % 10 == 0 ? "\(rest / 10)" : rest < 10 ? "0\(rest)" : "\(rest)")
  }

  private func rule(from start: (Double, Double), to end: (Double, Double)) -> HTML {
    HTML(
      .line, .class("rule"), Attribute("x1", Self.text(start.0)),
      Attribute("y1", Self.text(start.1)), Attribute("x2", Self.text(end.0)),
      Attribute("y2", Self.text(end.1)))
  }

  private func label(_ text: String, at place: (Double, Double), anchor: String) -> HTML {
    HTML(
      .text, Attribute("x", Self.text(place.0)), Attribute("y", Self.text(place.1)),
      Attribute("text-anchor", anchor)
    ) { text }
  }
}
