package import Scores
internal import SpecGANErrors

/// A column of the table: a set of sounds and its scores.
package struct EvaluatedSet: Sendable {
  /// What the table calls it: `real`, `held-out`, or as it was asked for.
  package let name: String
  /// Where its sounds come from.
  package let path: String
  let kind: SoundColumn.Kind
  /// How many sounds were taken in.
  package let count: Int
  /// How many there are to choose from; nil where as many as wanted can be made.
  package let available: Int?
  /// The scores it has.
  package internal(set) var scores: [ScoreKind: Score] = [:]
  /// Why it has none of the others, where that is not plain: sentences.
  package internal(set) var missing: [ScoreKind: String] = [:]
  /// How many sounds have one of the classifier's classes for a label; nil without a classifier.
  package internal(set) var labelledCount: Int?
  /// How many sounds the distances to nearest ones are of; 0 where there are none.
  package internal(set) var neighborCount = 0
  /// Of how many sounds there are spectrograms, which consistency and what inversion costs are of.
  package internal(set) var spectralCount = 0
  /// How many of those are silent, or too small, and have no consistency.
  package internal(set) var silentCount = 0
  /// Labels that are none of the classifier's classes, each once.
  package internal(set) var unknownLabels: [String] = []
  /// How many sounds the classifier takes for each class.
  package internal(set) var histogram: [Int]?
  /// The share of sounds that it takes for each.
  var classShares: [Double]? { histogram.map { $0.map { Double($0) / Double(count) } } }
  /// How these and the real sounds fall into the real ones' clusters.
  package internal(set) var clusters: BinComparison?
  /// The line that the extrapolated Fréchet distance is the end of.
  package internal(set) var extrapolation: FrechetExtrapolation?

  init(_ column: SoundColumn, count: Int) {
    (name, path, kind) = (column.name, column.path, column.kind)
    (self.count, available) = (count, column.available)
  }

  /// Takes over what `body` gives, or why there is nothing of all `kinds`.
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
