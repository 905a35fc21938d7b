/// The scores of a run's log, by which it is known when they stopped to improve.
///
/// A score is a line's `spectral_distance`: those of previews that are on schedule. So where a run
/// was stopped changes nothing, and what was rolled back is forgotten with its lines.
package struct ScoreHistory: Equatable, Sendable {
  /// A step and its score; lower is better.
  package struct Score: Equatable, Sendable {
    /// The step.
    package let step: Int
    /// See ``Preview/distance``.
    package let value: Float
  }

  private var scores: [Score] = []

  /// None yet.
  package init() {}

  /// The best so far, the first of equals; nil where there is none.
  package var best: Score? { scores.min { $0.value < $1.value } }

  /// Takes in a line of the log, which is of a later step than those before.
  package mutating func add(_ entry: RunLog.Entry) {
    guard let value = entry.spectralDistance else { return }
    scores.append(Score(step: entry.step, value: value))
  }

  /// Forgets what came after `step`.
  package mutating func goBack(to step: Int) { scores.removeAll { $0.step > step } }

  /// Whether `step` has a score and the best one is at least `patience` steps old then; never where
  /// `patience` is 0. Between scores nothing is known, so a run goes on to the next one.
  package func isOver(at step: Int, patience: Int) -> Bool {
    guard patience > 0, let best, scores.last?.step == step else { return false }
    return step - best.step >= patience
  }
}
