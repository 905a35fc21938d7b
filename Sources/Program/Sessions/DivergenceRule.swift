internal import SpecGANErrors
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTraining

/// The rule for a divergence: it ends the session, or the run goes back to a checkpoint.
struct DivergenceRule {
  private let recovery: RecoveryConfiguration
  private let training: TrainingConfiguration

  init(_ configuration: Configuration) {
    recovery = configuration.recovery
    training = configuration.training
  }

  /// Returns the checkpoint to go back to from `step` after `error`.
  ///
  /// One that a stop left does not count: where a run was stopped changes none of its bits.
  /// - Parameters:
  ///   - error: What ended the step.
  ///   - step: The last step done.
  ///   - rollBacks: The roll-backs of the run so far.
  ///   - recorder: The run's.
  /// - Returns: The last intact checkpoint that was made on schedule; nil for the initial weights.
  /// - Throws: `error` if it is not a divergence, if the configuration says to stop, and if a whole
  ///   period of the schedule left no checkpoint, as after a change of the schedule: the initial
  ///   weights would throw the run away. Also if the same was tried often enough.
  func target(
    after error: SpecGANError, at step: Int, rollBacks: Int, in recorder: RunRecorder
  ) throws(SpecGANError) -> FoundCheckpoint? {
    guard error.kind == .diverged, recovery.divergence == .rollBack else { throw error }
    let steps = try recorder.branchSteps(upTo: step)
    let found = try recorder.run.lastWholeCheckpoint {
      steps.contains($0) && training.isCheckpointDue(after: $0)
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
