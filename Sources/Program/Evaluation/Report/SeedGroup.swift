internal import Scores

/// Runs that differ in nothing but their seed, with the means of their scores.
package struct SeedGroup: Sendable {
  /// The names of the runs' sets.
  package let names: [String]
  /// The step of each, if they differ; otherwise empty.
  package let steps: [Int]
  /// The mean of each score that all runs have, and its deviation over the runs: the square root of
  /// the unbiased variance.
  package let scores: [ScoreKind: Score]

  /// Creates the group of `sets`.
  ///
  /// - Precondition: there are at least two.
  init(of sets: [EvaluatedSet]) {
    names = sets.map(\.name)
    let steps = sets.compactMap(\.recipe?.step)
    self.steps = Set(steps).count > 1 ? steps : []
    var scores: [ScoreKind: Score] = [:]
    for kind in ScoreKind.allCases {
      let found = sets.compactMap { $0.scores[kind] }.filter(\.value.isFinite)
      guard found.count == sets.count else { continue }
      let values = found.map(\.value)
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      scores[kind] = Score(
        mean, deviation: (squares / Double(values.count - 1)).squareRoot(),
        isOfFew: found.contains(where: \.isOfFew))
    }
    self.scores = scores
  }

  /// Returns the groups among `sets`, in the order of their first sets.
  ///
  /// If several checkpoints of a run are among them, only those of the same step are a group.
  static func groups(of sets: [EvaluatedSet]) -> [SeedGroup] {
    let trained = sets.filter { $0.recipe != nil }
    return split(trained, by: { $0.recipe?.training }).flatMap { sets in
      hasUniqueSeeds(sets) ? [sets] : split(sets, by: { $0.recipe?.step })
    }.filter { $0.count > 1 && hasUniqueSeeds($0) }.map(SeedGroup.init)
  }

  private static func hasUniqueSeeds(_ sets: [EvaluatedSet]) -> Bool {
    Set(sets.map(\.recipe?.seed)).count == sets.count
  }

  /// Returns the sets of each key, in the order of their first sets.
  private static func split<Key: Hashable>(
    _ sets: [EvaluatedSet], by key: (EvaluatedSet) -> Key
  ) -> [[EvaluatedSet]] {
    var order: [Key] = []
    let parts = Dictionary(grouping: sets, by: key)
    for set in sets where !order.contains(key(set)) { order.append(key(set)) }
    return order.compactMap { parts[$0] }
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
