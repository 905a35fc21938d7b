// What a session does when something goes wrong.

internal import SpecGANErrors
internal import SpecGANReports
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTraining

extension TrainingSession {
  /// What a session writes, as far as a user tells it apart.
  enum Output: Hashable {
    case log
    case checkpoint
    case oldCheckpoints
    case preview
    case oldPreviews
    /// One of the session's monitors, by its place.
    case monitor(Int)

    /// Whether a run may go on without it after `error`: what shows a run reads files as well.
    func isTolerable(_ error: SpecGANError) -> Bool {
      if case .monitor = self, error.code.room == "files" { return true }
      return error.kind == .unwritable
    }

    /// The same in words, at the start of a sentence.
    var name: String {
      switch self {
      case .log: "The log"
      case .checkpoint: "The last checkpoint"
      case .oldCheckpoints: "The folder of the checkpoints"
      case .preview: "The last preview"
      case .oldPreviews: "The folder of the previews"
      case .monitor: "What shows the run"
      }
    }
  }

  /// Calls `body`, which writes `output`.
  ///
  /// Where that cannot be written and the configuration says to go on, the first failure of a row is told,
  /// and so is its end.
  /// - Throws: ``SpecGANError`` otherwise.
  func write(
    _ output: Output, _ report: Report, _ body: () throws(SpecGANError) -> Void
  ) throws(SpecGANError) {
    do throws(SpecGANError) { try body() } catch {
      guard configuration.recovery.writeFailure == .goOn, output.isTolerable(error) else {
        throw error
      }
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
    _ report: Report, _ body: (any Monitor) throws(SpecGANError) -> Void
  ) throws(SpecGANError) {
    for (place, monitor) in monitors.enumerated() {
      try write(.monitor(place), report) { () throws(SpecGANError) in try body(monitor) }
    }
  }

  /// Goes back to where the run was whole, where `error` is a divergence and the configuration says so.
  ///
  /// - Throws: `error` otherwise, and ``SpecGANError`` where the same was
  ///   tried often enough.
  func recover(from error: SpecGANError, _ report: Report) throws(SpecGANError) {
    guard error.kind == .diverged, configuration.recovery.divergence == .rollBack else {
      throw error
    }
    let target = try rollBackTarget(insteadOf: error, report)
    let before = trainer.rollBacks
    let tried = before - (target?.checkpoint.rollBacks ?? 0)
    guard tried < configuration.recovery.rollBacks else {
      throw error.after(rollBacks: tried)
    }
    try rollBack(to: target)
    trainer.rollBacks = before + 1
    report(
      .warning(
        "\(error.statement); going back to step \(trainer.step), and on from "
          + "there with other draws (roll-back \(before + 1))."))
    // What belongs to the course that was left goes before the log shows the new one.
    try write(.oldCheckpoints, report) { () throws(SpecGANError) in try removeOutdated() }
    try write(.oldPreviews, report) { () throws(SpecGANError) in
      try run.removePreviews(after: trainer.step)
    }
    try write(.log, report) { () throws(SpecGANError) in try log.write() }
    try tellMonitors(report) { monitor throws(SpecGANError) in
      try monitor.rolledBack(to: trainer.step)
    }
  }

  /// The last whole checkpoint that was made on schedule; nil for the first weights.
  ///
  /// One that a stop left does not count: where a run was stopped changes none of its bits.
  /// - Throws: `divergence` where there is none of a run that has one period of the schedule behind it, as
  ///   after the schedule was changed: going back to the first weights would throw the run away.
  private func rollBackTarget(
    insteadOf divergence: SpecGANError, _ report: Report
  ) throws(SpecGANError) -> FoundCheckpoint? {
    let steps = try currentCheckpointSteps()
    if let found = try run.lastWholeCheckpoint(where: { steps.contains($0) && isOnSchedule($0) }) {
      for warning in found.warnings { report(.warning(warning)) }
      return found
    }
    if let last = steps.last, last >= configuration.training.checkpointSteps { throw divergence }
    return nil
  }

  private func rollBack(to target: FoundCheckpoint?) throws(SpecGANError) {
    if let target {
      try restore(target)
    } else {
      trainer.restart()
      lastSavedStep = nil
    }
    lastPreview = nil
    log.goBack(to: trainer.step)
    scores.goBack(to: trainer.step)
    let step = trainer.step
    outdatedSteps.formUnion(try currentCheckpointSteps(upTo: .max).filter { $0 > step })
  }
}
