internal import Scores

/// Runs that differ in nothing but their seed, with the means of their scores.
package struct SeedGroup: Sendable {
  /// The names of the runs' sets.
  package let names: [String]
  /// The mean of each score that all runs have, and its deviation over the runs: the square root of
  /// the unbiased variance.
  package let scores: [ScoreKind: Score]

  /// Creates the group of `sets`.
  ///
  /// - Precondition: there are at least two.
  init(of sets: [EvaluatedSet]) {
    names = sets.map(\.name)
    var scores: [ScoreKind: Score] = [:]
    for kind in ScoreKind.allCases {
      let values = sets.compactMap { $0.scores[kind]?.value }.filter(\.isFinite)
      guard values.count == sets.count else { continue }
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      scores[kind] = Score(mean, deviation: (squares / Double(values.count - 1)).squareRoot())
    }
    self.scores = scores
  }

  /// Returns the groups among `sets`, in the order of their first sets. Sets with the same seed,
  /// such as checkpoints of one run, are none.
  static func groups(of sets: [EvaluatedSet]) -> [SeedGroup] {
    var members: [(settings: String, sets: [EvaluatedSet])] = []
    for set in sets {
      guard let recipe = set.recipe else { continue }
      if let place = members.firstIndex(where: { $0.settings == recipe.settings }) {
        members[place].sets.append(set)
      } else {
        members.append((recipe.settings, [set]))
      }
    }
    return members.map(\.sets).filter { sets in
      sets.count > 1 && Set(sets.map(\.recipe?.seed)).count == sets.count
    }.map(SeedGroup.init)
  }

  /// Returns the mean and the deviation as text, or a dash.
  func text(of kind: ScoreKind) -> String { scores[kind]?.text ?? "–" }
}

extension SeedGroup: Encodable {
  private enum CodingKeys: String, CodingKey { case names, scores }

  /// Encodes the names, and the scores that all runs have.
  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(names, forKey: .names)
    let scores = Dictionary(uniqueKeysWithValues: scores.map { ($0.key.rawValue, $0.value) })
    try values.encode(scores, forKey: .scores)
  }
}
