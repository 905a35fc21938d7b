internal import Foundation
internal import Scores

/// The value of a score for one set of clips.
package struct Score: Equatable, Sendable {
  /// The value.
  package let value: Double
  /// The deviation over parts of the set, or over its clips; nil if the score is of the whole set.
  package let deviation: Double?
  /// The standard error; nil if it is unknown.
  package let standardError: Double?
  /// The 95 % confidence interval of the score of infinitely many clips; nil if it is unknown.
  package let interval: ClosedRange<Double>?
  /// Whether the score is of too few clips to mean much.
  package let isOfFew: Bool

  package init(_ value: Double, deviation: Double? = nil, isOfFew: Bool = false) {
    (self.value, self.deviation, self.isOfFew) = (value, deviation, isOfFew)
    (standardError, interval) = (nil, nil)
  }

  package init(_ value: Double, standardError: Double, interval: ClosedRange<Double>) {
    (self.value, self.standardError, self.interval) = (value, standardError, interval)
    (deviation, isOfFew) = (nil, false)
  }

  init(_ value: MeanAndDeviation) { self.init(value.mean, deviation: value.deviation) }
}

extension Score {
  /// The mark behind a score of too few clips.
  package static let markOfFew = "*"

  /// The score as `4.12 ± 0.03`, or `0.160 [0.139, 0.181]` with an interval: the largest value to
  /// three significant digits, and the others to as many decimals. That of too few clips has a
  /// mark, as `0.980*`.
  ///
  /// From 10,000 on and below 0.00001 it has a power of ten, as `1.81·10⁶`.
  package var text: String {
    guard value.isFinite else { return "–" }
    return plainText + (isOfFew ? Self.markOfFew : "")
  }

  /// The text of a finite score, without a mark.
  private var plainText: String {
    let deviation = deviation.flatMap { $0.isFinite ? $0 : nil }
    let ends = interval.map { [$0.lowerBound, $0.upperBound] } ?? []
    let bounds = ends.allSatisfy(\.isFinite) ? ends : []
    let size = ([value, deviation ?? 0] + bounds).map(abs).reduce(0, max)
    guard size > 0 else { return "0" }
    let exponent = Int(log10(size).rounded(.down))
    let power = (-5...3).contains(exponent) ? 0 : exponent
    let decimals = max(0, 2 - exponent + power)
    func fixed(_ number: Double) -> String {
      Self.fixed(number / pow(10, Double(power)), decimals)
    }
    let spread = deviation.map { " ± " + fixed($0) } ?? ""
    let range = bounds.isEmpty ? "" : " [" + bounds.map(fixed).joined(separator: ", ") + "]"
    let numbers = fixed(value) + spread + range
    guard power != 0 else { return numbers }
    return (spread + range == "" ? numbers : "(\(numbers))") + "·10" + Self.raised(power)
  }

  /// Returns a share as `95.8 %`.
  static func percentage(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

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
