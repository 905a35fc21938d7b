// What a session does when something goes wrong.

extension TrainingSession {
  /// What a session writes, as far as a user tells it apart.
  enum Output: Hashable {
    case log
    case checkpoint
    case oldCheckpoints
    case preview
    /// One of the session's monitors, by its place.
    case monitor(Int)

    /// The same in words, at the start of a sentence.
    var name: String {
      switch self {
      case .log: "The log"
      case .checkpoint: "The last checkpoint"
      case .oldCheckpoints: "The folder of the checkpoints"
      case .preview: "The last preview"
      case .monitor: "What shows the run"
      }
    }
  }

  /// Calls `body`, which writes `output`.
  ///
  /// Where that cannot be written and the configuration says to go on, the first failure of a row is told,
  /// and so is its end.
  /// - Throws: ``TrainingError`` otherwise.
  func write(
    _ output: Output, _ report: Report, _ body: () throws(TrainingError) -> Void
  ) throws(TrainingError) {
    do throws(TrainingError) { try body() } catch {
      guard configuration.recovery.writeFailure == .goOn, error.isWriteFailure else { throw error }
      if writeFailures.updateValue(error, forKey: output) == nil {
        report(.warning("\(error) Training goes on, as recovery.write_failure says."))
      }
      return
    }
    if writeFailures.removeValue(forKey: output) != nil {
      report(.warning("\(output.name) could be written now."))
    }
  }

  /// Calls `body` with each monitor.
  func tellMonitors(
    _ report: Report, _ body: (any Monitor) throws(TrainingError) -> Void
  ) throws(TrainingError) {
    for (place, monitor) in monitors.enumerated() {
      try write(.monitor(place), report) { () throws(TrainingError) in try body(monitor) }
    }
  }

  /// Goes back to where the run was whole, where `error` is a divergence and the configuration says so.
  ///
  /// - Throws: `error` otherwise, and ``TrainingError/diverged(run:step:_:rollBacks:)`` where the same was
  ///   tried often enough.
  func recover(from error: TrainingError, _ report: Report) throws(TrainingError) {
    guard case .diverged(let run, let step, let divergence, _) = error,
      configuration.recovery.divergence == .rollBack
    else { throw error }
    let target = try rollBackTarget(report)
    let before = trainer.rollBacks
    let tried = before - (target?.checkpoint.rollBacks ?? 0)
    guard tried < configuration.recovery.rollBacks else {
      throw .diverged(run: run, step: step, divergence, rollBacks: tried)
    }
    try rollBack(to: target)
    trainer.rollBacks = before + 1
    report(
      .warning(
        "\(run): \(divergence) at step \(step); going back to step \(trainer.step), and on from "
          + "there with other draws (roll-back \(before + 1))."))
    try write(.log, report) { () throws(TrainingError) in try log.write() }
    try tellMonitors(report) { monitor throws(TrainingError) in
      try monitor.rolledBack(to: trainer.step)
    }
  }

  /// The last whole checkpoint that was made on schedule; nil for the first weights.
  ///
  /// One that a stop left does not count: where a run was stopped changes none of its bits.
  private func rollBackTarget(_ report: Report) throws(TrainingError) -> FoundCheckpoint? {
    do throws(TrainingError) {
      let found = try run.lastWholeCheckpoint { step in
        (1...max(trainer.step, 1)).contains(step) && isOnSchedule(step)
          && !outdatedSteps.contains(step)
      }
      for warning in found?.warnings ?? [] { report(.warning(warning)) }
      return found
    } catch {
      guard case .noWholeCheckpoint = error else { throw error }
      report(.warning("\(error)"))
      return nil
    }
  }

  private func rollBack(to target: FoundCheckpoint?) throws(TrainingError) {
    if let target {
      try restore(target)
    } else {
      trainer.restart()
      lastSavedStep = nil
    }
    lastPreview = nil
    log.goBack(to: trainer.step)
    do { outdatedSteps.formUnion(try run.checkpointSteps().filter { $0 > trainer.step }) } catch {
      throw .file(error)
    }
  }
}
