package import SpecGANRuns

extension TrainingSession {
  /// When to stop; without either, only an interruption stops training.
  package struct Limits: Equatable, Sendable {
    /// The run's total of steps.
    package var steps: Int?
    /// Minutes of this session.
    package var minutes: Double?

    /// Stops at neither.
    package init() {}
  }
}

/// The rule that ends a session.
package struct StopRule: Equatable, Sendable {
  private let limits: TrainingSession.Limits
  private let patience: Int

  /// Stops at `limits`, and after `patience` steps without a better score; never for that if it is
  /// 0.
  package init(_ limits: TrainingSession.Limits, patience: Int) {
    self.limits = limits
    self.patience = patience
  }

  /// The outcome of a run that stands at `step`, before any further step; nil if there is to be
  /// one.
  package func outcome(at step: Int, _ scores: ScoreHistory) -> SessionOutcome? {
    hasReachedSteps(at: step) ? .reachedSteps : outcomeByScores(scores, at: step)
  }

  /// The outcome of a session of `seconds` that has reached `step`; nil if it is to go on.
  package func outcome(at step: Int, seconds: Double, isInterrupted: Bool) -> SessionOutcome? {
    if hasReachedSteps(at: step) { return .reachedSteps }
    if isInterrupted { return .interrupted }
    if let minutes = limits.minutes, seconds >= 60 * minutes { return .reachedTime }
    return nil
  }

  /// The outcome of a run whose scores up to `step` are these; nil if it is to go on.
  package func outcomeByScores(_ scores: ScoreHistory, at step: Int) -> SessionOutcome? {
    scores.isOver(at: step, patience: patience) ? .stoppedImproving : nil
  }

  private func hasReachedSteps(at step: Int) -> Bool { limits.steps.map { step >= $0 } ?? false }
}
