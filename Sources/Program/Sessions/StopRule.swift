package import SpecGANRuns

extension TrainingSession {
  /// The limits of a session; without any, only an interruption stops training.
  package struct Limits: Equatable, Sendable {
    /// The total number of steps of the run; nil for no limit.
    package var steps: Int?
    /// The duration of this session, in minutes; nil for no limit.
    package var minutes: Double?

    /// The duration of this session, in s; nil without a finite limit.
    var seconds: Double? { minutes.flatMap { $0.isFinite ? 60 * $0 : nil } }

    /// Creates limits that never stop a session.
    package init() {}
  }
}

/// The rule that ends a session.
package struct StopRule: Equatable, Sendable {
  private let limits: TrainingSession.Limits
  private let patience: Int

  /// Creates a rule that stops at `limits`, and after `patience` steps without a better score
  /// unless `patience` is 0.
  package init(_ limits: TrainingSession.Limits, patience: Int) {
    self.limits = limits
    self.patience = patience
  }

  /// Returns the outcome of a session that begins at `step`, before its first step; nil if it is to
  /// train.
  package func outcome(at step: Int, _ scores: ScoreHistory) -> SessionOutcome? {
    hasReachedSteps(at: step) ? .reachedSteps : outcomeByScores(scores, at: step)
  }

  /// Returns the outcome of a session of `seconds` that has reached `step`; nil if it continues.
  package func outcome(at step: Int, seconds: Double, isInterrupted: Bool) -> SessionOutcome? {
    if hasReachedSteps(at: step) { return .reachedSteps }
    if isInterrupted { return .interrupted }
    if let minutes = limits.minutes, seconds >= 60 * minutes { return .reachedTime }
    return nil
  }

  /// Returns the outcome of a run with these `scores` up to `step`; nil if it continues.
  package func outcomeByScores(_ scores: ScoreHistory, at step: Int) -> SessionOutcome? {
    scores.isOver(at: step, patience: patience) ? .stoppedImproving : nil
  }

  private func hasReachedSteps(at step: Int) -> Bool { limits.steps.map { step >= $0 } ?? false }
}
