/// The scores in a run's log, which show when training stopped improving.
///
/// A score is a line's `spectral_distance`, which only previews on schedule have. So the scores do
/// not depend on where a run was stopped, and a roll-back removes them with their lines.
package struct ScoreHistory: Equatable, Sendable {
  /// The score of a step; lower is better.
  package struct Score: Equatable, Sendable {
    /// The step.
    package let step: Int
    /// See ``Preview/distance``.
    package let value: Float
  }

  private var scores: [Score] = []

  /// Creates an empty history.
  package init() {}

  /// The best score so far, the first of equal ones; nil if there is none.
  package var best: Score? { scores.min { $0.value < $1.value } }

  /// Adds the score of a log entry, whose step is later than those before.
  package mutating func add(_ entry: RunLog.Entry) {
    guard let value = entry.spectralDistance else { return }
    scores.append(Score(step: entry.step, value: value))
  }

  /// Removes the scores after `step`.
  package mutating func goBack(to step: Int) { scores.removeAll { $0.step > step } }

  /// Returns whether `step` has a score and the best one is at least `patience` steps old; false if
  /// `patience` is 0. A run therefore stops only at a step with a score.
  package func isOver(at step: Int, patience: Int) -> Bool {
    guard patience > 0, let best, scores.last?.step == step else { return false }
    return step - best.step >= patience
  }
}
