internal import SpecGANErrors
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTraining

/// The rule for a divergence: the session ends, or the run rolls back to a checkpoint.
struct DivergenceRule {
  private let recovery: RecoveryConfiguration
  private let training: TrainingConfiguration

  init(_ configuration: Configuration) {
    recovery = configuration.recovery
    training = configuration.training
  }

  /// Returns the checkpoint to roll back to from `step` after `error`.
  ///
  /// Only checkpoints on schedule count, so that results do not depend on where a run was stopped.
  ///
  /// - Parameters:
  ///   - error: the error that ended the step.
  ///   - step: the last completed step.
  ///   - rollBacks: the number of roll-backs of the run so far.
  ///   - recorder: the run's recorder.
  /// - Returns: the last intact checkpoint on schedule; nil for the initial weights.
  /// - Throws: `error` if it is not a divergence, if the configuration says to stop, or after the
  ///   configured number of roll-backs to the same checkpoint. Also if a run that began with the
  ///   weights of another has lost its first checkpoint; and if no checkpoint is on schedule but
  ///   one is later than its first period, as after a change of the schedule: the initial weights
  ///   would lose the run.
  func target(
    after error: SpecGANError, at step: Int, rollBacks: Int, in recorder: RunRecorder
  ) throws(SpecGANError) -> FoundCheckpoint? {
    guard error.kind == .diverged, recovery.divergence == .rollBack else { throw error }
    let steps = try recorder.branchSteps(upTo: step)
    var found = try recorder.run.lastWholeCheckpoint {
      steps.contains($0) && training.isCheckpointDue(after: $0)
    }
    if found == nil, recorder.keepsFirst, (steps.last ?? 0) < training.checkpointSteps {
      found = try recorder.run.lastWholeCheckpoint { $0 == 0 }
      // The weights of the other run are in no other file of this one.
      if found == nil { throw error }
    }
    if let found {
      for warning in found.warnings { recorder.attempts.warn(warning) }
    } else if let last = steps.last, last >= training.checkpointSteps {
      throw error
    }
    let tried = rollBacks - (found?.checkpoint.rollBacks ?? 0)
    guard tried < recovery.rollBacks else { throw error.after(rollBacks: tried) }
    return found
  }
}
