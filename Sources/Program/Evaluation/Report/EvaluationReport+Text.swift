extension EvaluationReport {
  /// What the columns are called: as much of the sets' names as tells them apart.
  var headings: [String] { shortestSuffixes(of: sets.map(\.name)) }

  /// The table's first row.
  package var header: [String] { ["score", ""] + headings }

  /// The table's other rows: how many sounds there are, each score that a set has, with its
  /// direction, and the share of sounds that the classifier takes for each class.
  package var rows: [[String]] {
    [["sounds", ""] + sets.map(\.countText)]
      + shownKinds.map { kind in
        [kind.name, kind.direction.sign] + sets.map { $0.text(of: kind) }
      }
      + (classes ?? []).enumerated().map { number, name in
        ["taken for \(name)", ScoreKind.Direction.real.sign] + sets.map { $0.share(of: number) }
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

  /// As `10.2 %` of the class `number`, or a dash.
  func share(of number: Int) -> String {
    guard let classShares else { return "–" }
    return Score.percentage(classShares[number])
  }

  /// As `4.12 ± 0.03` or `8 of 10`, or a dash.
  func text(of kind: ScoreKind) -> String {
    guard let score = scores[kind] else { return "–" }
    guard kind == .classesReached, let histogram else { return score.text }
    return "\(Int(score.value)) of \(histogram.count)"
  }
}
