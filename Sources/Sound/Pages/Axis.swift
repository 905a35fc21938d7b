internal import Foundation

/// An axis of a chart: its range of values, and its ticks at round numbers.
package struct Axis: Equatable, Sendable {
  package struct Tick: Equatable, Sendable {
    /// The position on the axis, from 0 at the lowest end to 1.
    package let place: Double
    package let label: String
  }

  package let scale: LineChart.Scale
  /// The ends of the axis; on a logarithmic axis, the exponents of ten.
  package let lowest, highest: Double
  /// The ticks at round numbers, in increasing order.
  package let ticks: [Tick]

  /// Creates an axis of about `goal` ticks over `values`. Its ends are ticks if `isRounded`; all
  /// ticks are integers if `isWhole`.
  ///
  /// A value that is not finite, or not positive on a logarithmic axis, has no position.
  package init(
    _ values: some Sequence<Double>, scale: LineChart.Scale = .linear, goal: Int = 5,
    isRounded: Bool = true, isWhole: Bool = false
  ) {
    var (lowest, highest) = Self.ends(of: values, scale)
    let numbers: [(measure: Double, label: String)]
    if scale == .logarithmic, highest - lowest >= 1.5 {
      numbers = Self.decades(&lowest, &highest, goal: goal, isRounded: isRounded)
    } else {
      numbers = Self.numbers(
        &lowest, &highest, scale, goal: goal, isRounded: isRounded, isWhole: isWhole)
    }
    let span = highest - lowest
    ticks = numbers.map { [lowest] in Tick(place: ($0.measure - lowest) / span, label: $0.label) }
    (self.scale, self.lowest, self.highest) = (scale, lowest, highest)
  }

  /// Returns the lowest and the highest measure of `values`, which always differ.
  private static func ends(
    of values: some Sequence<Double>, _ scale: LineChart.Scale
  ) -> (Double, Double) {
    var (lowest, highest) = (Double.infinity, -Double.infinity)
    for value in values where value.isFinite && (scale == .linear || value > 0) {
      lowest = min(lowest, value)
      highest = max(highest, value)
    }
    if lowest > highest { (lowest, highest) = scale == .linear ? (0, 1) : (1, 10) }
    (lowest, highest) = (measure(lowest, scale), measure(highest, scale))
    if highest - lowest > 1e-12 * max(abs(lowest), abs(highest)) { return (lowest, highest) }
    let half = scale == .logarithmic ? 0.5 : lowest == 0 ? 1 : abs(lowest) / 2
    return (lowest - half, highest + half)
  }

  /// Returns powers of ten from `lowest` to `highest`, which are rounded to such powers if
  /// `isRounded`.
  private static func decades(
    _ lowest: inout Double, _ highest: inout Double, goal: Int, isRounded: Bool
  ) -> [(measure: Double, label: String)] {
    let step = max(1, ((highest - lowest) / Double(goal)).rounded(.up))
    var first = (lowest / step).rounded(.up) * step
    if isRounded {
      lowest = lowest.rounded(.down)
      highest = lowest + ((highest - lowest) / step).rounded(.up) * step
      first = lowest
    }
    return stride(from: first, through: highest + 1e-9, by: step).map { ($0, power($0)) }
  }

  /// Returns ticks at evenly spaced round numbers of the values, wherever they are on the axis.
  private static func numbers(
    _ lowest: inout Double, _ highest: inout Double, _ scale: LineChart.Scale, goal: Int,
    isRounded: Bool, isWhole: Bool
  ) -> [(measure: Double, label: String)] {
    let ends = (value(lowest, scale), value(highest, scale))
    let step = max(roundStep((ends.1 - ends.0) / Double(goal)), isWhole ? 1 : 0)
    var first = (ends.0 / step).rounded(isRounded ? .down : .up)
    if scale == .logarithmic, first <= 0 { first = 1 }
    let last = (ends.1 / step).rounded(isRounded ? .up : .down)
    // A step that underflows or overflows gives no ticks.
    guard step > 0, step.isFinite, first <= last, last - first < 1_000 else { return [] }
    let numbers = (0...Int(last - first)).map { (first + Double($0)) * step }
    if isRounded {
      lowest = min(lowest, measure(numbers[0], scale))
      highest = max(highest, measure(numbers[numbers.count - 1], scale))
    }
    return numbers.map { (measure($0, scale), label($0, step: step)) }
  }

  /// Returns the position of `value`, from 0 to 1; NaN if it has none.
  package func place(of value: Double) -> Double {
    (Self.measure(value, scale) - lowest) / (highest - lowest)
  }

  private static func measure(_ value: Double, _ scale: LineChart.Scale) -> Double {
    switch scale {
    case .linear: value
    case .logarithmic: value > 0 ? log10(value) : .nan
    }
  }

  private static func value(_ measure: Double, _ scale: LineChart.Scale) -> Double {
    scale == .linear ? measure : pow(10, measure)
  }

  /// Returns 1, 2 or 5 times a power of ten, the one closest to `step` by ratio.
  private static func roundStep(_ step: Double) -> Double {
    let power = pow(10, floor(log10(step)))
    let ratio = step / power
    return
      (ratio < 2.0.squareRoot()
      ? 1 : ratio < 10.0.squareRoot() ? 2 : ratio < 50.0.squareRoot() ? 5 : 10)
      * power
  }

  /// Returns `value` with as many decimals as `step`, and thin spaces between thousands.
  private static func label(_ value: Double, step: Double) -> String {
    guard step >= 1e-5, abs(value) < 1e9 else { return String(format: "%.3g", value) }
    let digits = max(0, Int(-floor(log10(step) + 1e-9)))
    let text = String(format: "%.\(digits)f", value == 0 ? 0 : abs(value))
    let sign = value < 0 ? "−" : ""
    let whole = text.prefix { $0 != "." }
    guard whole.count > 4 else { return sign + text }
    let grouped = whole.reversed().enumerated().map { index, digit in
      index > 0 && index % 3 == 0 ? "\(digit)\u{202F}" : String(digit)
    }
    return sign + grouped.reversed().joined() + text.dropFirst(whole.count)
  }

  private static func power(_ exponent: Double) -> String {
    (-4...4).contains(exponent)
      ? label(pow(10, exponent), step: pow(10, exponent)) : String(format: "1e%.0f", exponent)
  }
}
