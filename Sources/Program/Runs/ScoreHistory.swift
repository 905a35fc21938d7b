package import SpecGANErrors
internal import SpecGANFiles

/// The scores in a run's log: the spectral distances of its previews.
///
/// A roll-back removes scores with their lines.
package struct ScoreHistory: Equatable, Sendable {
  /// The score of a step; lower is better.
  package struct Score: Equatable, Sendable {
    /// The step.
    package let step: Int
    /// See ``Preview/distance``.
    package let value: Float
    /// Whether its preview is on schedule, and not that of a stop.
    package let isScheduled: Bool
  }

  private var scores: [Score] = []

  /// Creates an empty history.
  package init() {}

  /// Reads the log of `run`; a missing one has no scores.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read or a line is not a log entry.
  package init(of run: RunFolder) throws(SpecGANError) {
    guard try Folder.exists(run.logPath) else { return }
    for entry in try RunLog.entries(path: run.logPath) { add(entry) }
  }

  /// The newest score; nil if there is none.
  package var last: Score? { scores.last }

  /// The best score so far, the first of equal ones; nil if there is none.
  package var best: Score? { scores.min { $0.value < $1.value } }

  /// The best score of a preview on schedule, which does not depend on where the run was stopped.
  package var bestScheduled: Score? {
    scores.filter(\.isScheduled).min { $0.value < $1.value }
  }

  /// Adds the score of a log entry, whose step is later than those before.
  package mutating func add(_ entry: RunLog.Entry) {
    guard let value = entry.spectralDistance ?? entry.stopSpectralDistance else { return }
    scores.append(
      Score(step: entry.step, value: value, isScheduled: entry.spectralDistance != nil))
  }

  /// Removes the scores after `step`.
  package mutating func goBack(to step: Int) { scores.removeAll { $0.step > step } }

  /// Returns whether `step` has a score on schedule, and the best one of those is at least
  /// `patience` steps old; false if `patience` is 0.
  ///
  /// So a run stops early at the same step wherever it was stopped before.
  package func isOver(at step: Int, patience: Int) -> Bool {
    guard patience > 0, let bestScheduled, let last = scores.last, last.step == step,
      last.isScheduled
    else { return false }
    return step - bestScheduled.step >= patience
  }
}
