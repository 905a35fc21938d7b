package import Scores
internal import SpecGANErrors

/// A set of clips with its scores: a column of the table.
package struct EvaluatedSet: Sendable {
  /// The name in the table: `real`, `held-out`, or the sample as requested.
  package let name: String
  /// The path of its clips.
  package let path: String
  let kind: SoundColumn.Kind
  /// The number of clips used.
  package let count: Int
  /// The number of clips to choose from; nil if any number can be generated.
  package let available: Int?
  /// See ``SoundColumn/recipe``.
  let recipe: SoundColumn.Recipe?
  /// The scores.
  package internal(set) var scores: [ScoreKind: Score] = [:]
  /// The reasons for missing scores, as sentences, if they are not obvious.
  package internal(set) var missing: [ScoreKind: String] = [:]
  /// The number of clips whose label is one of the classifier's classes; nil without a classifier.
  package internal(set) var labeledCount: Int?
  /// The number of clips in the distances to nearest neighbors; 0 without these scores.
  package internal(set) var neighborCount = 0
  /// The number of clips with spectrograms, for consistency and the cost of inversion.
  package internal(set) var spectralCount = 0
  /// The number of those that are silent or too small, and have no consistency.
  package internal(set) var silentCount = 0
  /// The labels that are not a class of the classifier, each once.
  package internal(set) var unknownLabels: [String] = []
  /// The number of clips per predicted class.
  package internal(set) var histogram: [Int]?
  /// The share of clips per predicted class.
  var classShares: [Double]? { histogram.map { $0.map { Double($0) / Double(count) } } }
  /// The comparison with the real clips over clusters of those.
  package internal(set) var clusters: BinComparison?
  /// The line whose end is the extrapolated Fréchet distance.
  package internal(set) var extrapolation: FrechetExtrapolation?

  init(_ column: SoundColumn, count: Int) {
    (name, path, kind) = (column.name, column.path, column.kind)
    (self.count, available, recipe) = (count, column.available, column.recipe)
  }

  /// Stores the scores that `body` returns, or its error as the reason for all `kinds`.
  mutating func take(
    _ kinds: ScoreKind..., from body: () throws(SpecGANError) -> [Score]
  ) {
    do throws(SpecGANError) {
      for (kind, score) in zip(kinds, try body()) { scores[kind] = score }
    } catch {
      for kind in kinds { missing[kind] = error.description }
    }
  }
}
