internal import Foundation

extension EvaluationReport {
  /// The table's first row.
  public var header: [String] { ["score", ""] + sets.map(\.name) }

  /// The table's other rows: how many sounds there are, and each score that a set has, with its direction.
  public var rows: [[String]] {
    [["sounds", ""] + sets.map(\.countText)]
      + shownKinds.map { kind in
        [kind.name, kind.direction.sign] + sets.map { $0.text(of: kind) }
      }
  }

  /// The scores that a set has.
  var shownKinds: [ScoreKind] {
    ScoreKind.allCases.filter { kind in sets.contains { $0.scores[kind] != nil } }
  }
}

extension EvaluatedSet {
  /// As `2000`, or `2000 of 4470` where there are more.
  var countText: String {
    guard let available, available > count else { return "\(count)" }
    return "\(count) of \(available)"
  }

  /// As `4.12 ± 0.03`, or a dash.
  func text(of kind: ScoreKind) -> String {
    guard let score = scores[kind] else { return "–" }
    switch kind {
    case .classesReached: return "\(Int(score.value)) of \(histogram?.count ?? 0)"
    case .kernelDistance:
      return "\(Self.text(score.value)) ± \(Self.text(score.deviation ?? 0))"
    case .inceptionScore, .consistency, .convergence, .logSpectralDistance:
      let digits = kind == .convergence || kind == .logSpectralDistance ? 1 : 2
      return Self.text(score.value, digits) + " ± " + Self.text(score.deviation ?? 0, digits)
    case .frechetDistance, .frechetExtrapolated: return Self.text(score.value)
    case .differentBins, .accuracy, .precision, .recall, .density, .coverage, .binDivergence:
      return Self.text(score.value, 3)
    default: return Self.text(score.value, 2)
    }
  }

  private static func text(_ value: Double, _ digits: Int) -> String {
    value.isFinite ? signed(String(format: "%.\(digits)f", value)) : "–"
  }

  /// To three digits.
  private static func text(_ value: Double) -> String {
    value.isFinite ? signed(String(format: "%.3g", value)) : "–"
  }

  private static func signed(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}
