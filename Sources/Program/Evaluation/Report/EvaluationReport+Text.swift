extension EvaluationReport {
  /// The column headings: the shortest suffixes that distinguish the sets' names.
  var headings: [String] { shortestSuffixes(of: sets.map(\.name)) }

  /// The headings of the groups' columns.
  var groupHeadings: [String] {
    groups.map { group in
      let first = sets.firstIndex { $0.name == group.names[0] }.map { headings[$0] }
      return "\(first ?? group.names[0]), \(group.names.count) seeds"
    }
  }

  /// The table's first row.
  package var header: [String] { ["score", ""] + headings + groupHeadings }

  /// The table's other rows: the number of clips, each score that a set has, with its direction,
  /// and the share of clips per predicted class.
  package var rows: [[String]] {
    [["clips", ""] + sets.map(\.countText) + groups.map { _ in "" }]
      + shownKinds.map { kind in
        [kind.name, kind.direction.sign] + sets.map { $0.text(of: kind) }
          + groups.map { $0.text(of: kind) }
      }
      + (classes ?? []).enumerated().map { number, name in
        ["predicted as \(name)", ScoreKind.Direction.real.sign] + sets.map { $0.share(of: number) }
          + groups.map { _ in "" }
      }
  }

  /// The scores that at least one set has.
  var shownKinds: [ScoreKind] {
    ScoreKind.allCases.filter { kind in sets.contains { $0.scores[kind] != nil } }
  }
}

extension EvaluatedSet {
  /// The number of clips as `2000`, or `2000 of 4470` if not all are used.
  var countText: String {
    guard let available, available > count else { return "\(count)" }
    return "\(count) of \(available)"
  }

  /// Returns the share of the class `number` as `10.2 %`, or a dash.
  func share(of number: Int) -> String {
    guard let classShares else { return "–" }
    return Score.percentage(classShares[number])
  }

  /// Returns the score as `4.12 ± 0.03` or `8 of 10`, or a dash.
  func text(of kind: ScoreKind) -> String {
    guard let score = scores[kind] else { return "–" }
    guard kind == .classesReached, let histogram else { return score.text }
    return "\(Int(score.value)) of \(histogram.count)"
  }
}

/// Returns for each of `paths` the shortest suffix, in complete components, that no other one has;
/// the complete path if there is none.
///
/// For `runs/a/specgan`, `runs/b/specgan` and `runs/b/wavegan`, that is `a/specgan`, `b/specgan`
/// and `wavegan`.
package func shortestSuffixes(of paths: [String]) -> [String] {
  let components = paths.map { $0.split(separator: "/") }
  return paths.indices.map { index in
    let own = components[index]
    let others = components.indices.filter { $0 != index }.map { components[$0] }
    let length = own.indices.map { $0 + 1 }.first { length in
      !others.contains { $0.suffix(length) == own.suffix(length) }
    }
    return length.map { own.suffix($0).joined(separator: "/") } ?? paths[index]
  }
}
