internal import Foundation

/// What one set of sounds scores.
public struct Score: Equatable, Sendable {
  /// The score.
  public let value: Double
  /// How far its parts are from it, or its standard error; nil where it has none.
  public let deviation: Double?
  /// What it lies in 19 times of 20; nil where that is not known.
  public let interval: ClosedRange<Double>?

  package init(_ value: Double, deviation: Double? = nil, interval: ClosedRange<Double>? = nil) {
    (self.value, self.deviation, self.interval) = (value, deviation, interval)
  }

  init(_ value: MeanAndDeviation) { self.init(value.mean, deviation: value.deviation) }
}

extension Score {
  /// As `4.12 ± 0.03`: the larger of the two to three significant digits, and the other to as many decimals.
  ///
  /// From 10,000 on and below 0.00001 with a power of ten, as `1.81·10⁶`.
  package var text: String {
    guard value.isFinite else { return "–" }
    let deviation = deviation.flatMap { $0.isFinite ? $0 : nil }
    let size = max(abs(value), deviation ?? 0)
    guard size > 0 else { return "0" }
    let exponent = Int(log10(size).rounded(.down))
    let power = (-5...3).contains(exponent) ? 0 : exponent
    let decimals = max(0, 2 - exponent + power)
    let numbers = ([value] + (deviation.map { [$0] } ?? [])).map {
      Self.fixed($0 / pow(10, Double(power)), decimals)
    }.joined(separator: " ± ")
    guard power != 0 else { return numbers }
    return (deviation == nil ? numbers : "(\(numbers))") + "·10" + Self.raised(power)
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", abs(value))
    return value < 0 && text.contains { ("1"..."9").contains($0) } ? "−" + text : text
  }

  private static func raised(_ exponent: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (exponent < 0 ? "⁻" : "")
      + String(String(abs(exponent)).compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}
