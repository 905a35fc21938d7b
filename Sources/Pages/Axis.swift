internal import Foundation

/// One side of a chart: which values it spans, and where its round numbers are.
package struct Axis: Equatable, Sendable {
  package struct Tick: Equatable, Sendable {
    /// From 0, the lowest end, to 1.
    package let place: Double
    package let label: String
  }

  package let scale: LineChart.Scale
  /// What the axis spans; exponents of ten where it is logarithmic.
  package let lowest, highest: Double
  /// Round numbers on it, rising.
  package let ticks: [Tick]

  /// An axis of about `goal` ticks over `values`, whose ends are ticks themselves if `isRounded`, all of them
  /// whole if `isWhole`.
  ///
  /// A value that is not finite, or not positive where the axis is logarithmic, is on none.
  package init(
    _ values: some Sequence<Double>, scale: LineChart.Scale = .linear, goal: Int = 5,
    isRounded: Bool = true, isWhole: Bool = false
  ) {
    self.scale = scale
    let measured = values.lazy.map { Self.measure($0, scale) }.filter(\.isFinite)
    var lowest = measured.min() ?? 0
    var highest = measured.max() ?? 1
    if highest - lowest < 1e-12 * max(abs(lowest), abs(highest), 1e-300) || lowest == highest {
      let half = scale == .logarithmic ? 0.5 : max(abs(lowest) / 2, lowest == 0 ? 1 : 0)
      (lowest, highest) = (lowest - half, highest + half)
    }
    if scale == .logarithmic, highest - lowest >= 1.5 {
      let step = max(1, ((highest - lowest) / Double(goal)).rounded(.up))
      if isRounded { (lowest, highest) = (lowest.rounded(.down), highest.rounded(.up)) }
      let exponents = stride(
        from: (lowest / step).rounded(.up) * step, through: highest + 1e-9, by: step)
      ticks = exponents.map {
        Tick(place: ($0 - lowest) / (highest - lowest), label: Self.power($0))
      }
    } else {
      // Less than two decades: round numbers of the values themselves, wherever they fall.
      let ends = (Self.value(lowest, scale), Self.value(highest, scale))
      let step = max(Self.roundStep((ends.1 - ends.0) / Double(goal)), isWhole ? 1 : 0)
      var first = (ends.0 / step).rounded(isRounded ? .down : .up)
      if scale == .logarithmic, first <= 0 { first = 1 }
      let last = (ends.1 / step).rounded(isRounded ? .up : .down)
      let numbers = stride(from: first, through: last + 0.5, by: 1).filter { $0 <= last }.map {
        $0 * step
      }
      if isRounded, let low = numbers.first, let high = numbers.last {
        lowest = min(lowest, Self.measure(low, scale))
        highest = max(highest, Self.measure(high, scale))
      }
      ticks = numbers.map {
        Tick(
          place: (Self.measure($0, scale) - lowest) / (highest - lowest),
          label: Self.label($0, step: step))
      }
    }
    (self.lowest, self.highest) = (lowest, highest)
  }

  /// Where `value` is, from 0 to 1; not a number where it is nowhere.
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

  /// 1, 2 or 5 times a power of ten, the nearest at or above `step`.
  static func roundStep(_ step: Double) -> Double {
    let power = pow(10, floor(log10(step)))
    return ([1, 2, 5].first { $0 * power >= step * (1 - 1e-9) } ?? 10) * power
  }

  /// With as many digits after the point as `step` has, and thin spaces between thousands.
  static func label(_ value: Double, step: Double) -> String {
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
