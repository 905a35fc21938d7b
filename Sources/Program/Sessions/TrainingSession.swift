internal import Safetensors
package import SpecGANDatasets
package import SpecGANErrors
package import SpecGANRuns
package import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANTensors
package import SpecGANTraining
internal import SpecGANWorkers

/// One session of training a run: from where it stands to where it is told to stop.
///
/// The run's folder is made with the first session; every stop leaves a checkpoint, so that
/// training `n + m` steps gives the same bits as training `n`, stopping, and training `m`.
package final class TrainingSession {
  /// The progress of a session.
  package struct Progress: Sendable {
    /// The step just done.
    package let entry: RunLog.Entry
    /// Steps of this session, those that were rolled back among them.
    package let sessionSteps: Int
    /// Seconds of this session.
    package let sessionSeconds: Double
  }

  /// An event that a session reports while it trains.
  package enum Event: Sendable {
    /// A step is done.
    case step(Progress)
    /// Something a user should know, as a sentence.
    case warning(String)
  }

  /// The scores of the run's log.
  package private(set) var scores = ScoreHistory()
  private let setup: TrainingSetup
  private let recorder: RunRecorder
  private let monitors: [any Monitor]
  private let engine: Engine
  private var resumingWarnings: [String] = []
  private var secondsBefore = 0.0
  /// What makes previews, once the session has begun.
  private var maker: PreviewMaker?
  /// The last preview of this session; one of the checkpoint's step gives its score.
  private var lastPreview: Preview?

  /// Opens the run at `run`, fresh or, when `resuming`, at its last intact checkpoint.
  ///
  /// - Parameters:
  ///   - configuration: The settings.
  ///   - run: The run's folder.
  ///   - cache: The examples.
  ///   - resuming: Whether a run that is there goes on.
  ///   - monitors: What shows the run; see ``Monitors``.
  ///   - engine: The threads.
  /// - Throws: ``SpecGANError`` if the run is there already, or cannot go on with these settings
  ///   and this cache.
  package init(
    _ configuration: Configuration, run: RunFolder, cache: Cache, resuming: Bool,
    monitors: [any Monitor] = [], engine: Engine
  ) throws(SpecGANError) {
    if run.isStarted && !resuming { throw .runExists(path: run.path) }
    let configuration = configuration.resolved
    self.monitors = monitors
    self.engine = engine
    setup = try TrainingSetup(configuration, from: cache, engine: engine)
    recorder = RunRecorder(run, configuration, from: cache, threads: engine.workers.count)
    if resuming && run.isStarted { try resume() }
  }

  /// The run's folder.
  package var run: RunFolder { recorder.run }
  /// The networks in training.
  package var trainer: Trainer { setup.trainer }
  /// The settings, with the loss's published ones for those that were not chosen.
  package var configuration: Configuration { setup.configuration }
  /// Sentences that a user should know before training starts.
  package var warnings: [String] { resumingWarnings + [setup.warning].compactMap(\.self) }

  /// The checkpoint of the step with the best score in the log; nil if that step has none.
  ///
  /// With `training.patience` every step that has the best score so far leaves one, and the best
  /// one stays.
  package var bestCheckpointPath: String? {
    scores.best.flatMap { run.existingCheckpointPath(step: $0.step) }
  }

  /// Brings the trainer to the last intact checkpoint, and the log to its step.
  private func resume() throws(SpecGANError) {
    if let found = try recorder.reopen() {
      try setup.restore(found, of: run)
      resumingWarnings = found.warnings
    }
    let entries = try recorder.cutLog(after: trainer.step)
    secondsBefore = entries.last?.wallSeconds ?? 0
    for entry in entries { scores.add(entry) }
  }
}

// MARK: - The loop

extension TrainingSession {
  /// Trains until a limit or an interruption, and leaves a checkpoint and a preview.
  ///
  /// - Throws: ``SpecGANError`` if something cannot be written or a loss diverges, unless the
  ///   configuration says to go on.
  package func train(
    until limits: Limits, isInterrupted: () -> Bool = { false },
    report: @escaping (Event) -> Void = { _ in }
  ) throws(SpecGANError) -> SessionOutcome {
    let rule = StopRule(limits, patience: configuration.training.patience)
    recorder.attempts.warn = { report(.warning($0)) }
    if recorder.lastSavedStep == trainer.step, let outcome = rule.outcome(at: trainer.step, scores)
    {
      if recorder.isCutOff {
        try recorder.begin()
        try stop(outcome)
      }
      return outcome
    }
    try begin()
    let start = ContinuousClock.now
    defer { secondsBefore += start.secondsPassed }
    func outcomeByLimits() -> SessionOutcome? {
      rule.outcome(
        at: trainer.step, seconds: start.secondsPassed, isInterrupted: isInterrupted())
    }
    var outcome = outcomeByLimits() ?? rule.outcomeByScores(scores, at: trainer.step)
    var sessionSteps = 0
    while true {
      do throws(SpecGANError) {
        if let outcome {
          try stop(outcome)
          return outcome
        }
        var entry = try takeStep(since: start)
        sessionSteps += 1
        outcome = outcomeByLimits()
        try record(&entry, isLast: outcome != nil)
        outcome = outcome ?? rule.outcomeByScores(scores, at: trainer.step)
        report(
          .step(
            Progress(
              entry: entry, sessionSteps: sessionSteps, sessionSeconds: start.secondsPassed)))
      } catch {
        try rollBack(after: error)
        outcome = outcomeByLimits()
      }
    }
  }

  private func begin() throws(SpecGANError) {
    try recorder.begin()
    let count = configuration.monitoring.previewCount
    guard count > 0, maker == nil else { return }
    let maker = try PreviewMaker(count: count, comparedWith: setup.cache, engine: engine)
    let latents = maker.latents(for: trainer.gan, seed: configuration.training.seed)
    try recorder.write(latents, maker.realClips)
    self.maker = maker
  }

  private func takeStep(since start: ContinuousClock.Instant) throws(SpecGANError) -> RunLog.Entry {
    let stepStart = ContinuousClock.now
    do {
      let losses = try trainer.takeStep()
      return RunLog.Entry(
        step: trainer.step, wallSeconds: secondsBefore + start.secondsPassed, losses: losses,
        secondsPerStep: stepStart.secondsPassed)
    } catch {
      throw .diverged(run: run.path, step: trainer.step + 1, error)
    }
  }

  /// Records the step just done, and what is due after it.
  private func record(_ entry: inout RunLog.Entry, isLast: Bool) throws(SpecGANError) {
    let step = trainer.step
    let isCheckpointDue = configuration.training.isCheckpointDue(after: step)
    let schedule = PreviewSchedule(longestGap: configuration.monitoring.previewSteps)
    let isPreviewDue = schedule.contains(step) || isCheckpointDue
    let preview = isPreviewDue || isLast ? try makePreview() : nil
    // The step at which a run was stopped leaves no trace in its log.
    entry.spectralDistance = isPreviewDue ? preview?.distance : nil
    scores.add(entry)
    try recorder.add(entry)
    // A run of patience ends with the step of its best score, or a better one.
    let isBest = configuration.training.patience > 0 && scores.best?.step == step
    // Before the monitors, whose failures are not to cost it.
    let isSaved = isCheckpointDue || isBest ? try save() : false
    try recorder.writeRecord()
    let (line, networks) = (entry, TrainedNetworksView(trainer))
    try tellMonitors { monitor throws(SpecGANError) in
      try monitor.record(line, of: networks)
      if let preview, recorder.attempts.failure(of: .preview) == nil {
        try monitor.record(preview, of: networks)
      }
    }
    if isSaved { try tellMonitors(of: step) }
  }

  /// Makes and writes a preview; nil if there are none, or the generator gives no clips.
  private func makePreview() throws(SpecGANError) -> Preview? {
    guard let maker else { return nil }
    guard let preview = try maker.preview(of: setup.checkpoint(score: nil)) else {
      recorder.attempts.warn(
        "\(run.path): the generator gives samples that are no numbers, or too large for a sound, "
          + "at step \(trainer.step); there is no preview of it.")
      return nil
    }
    lastPreview = preview
    try recorder.write(preview)
    return preview
  }

  /// Leaves a checkpoint; false if it could not be written.
  ///
  /// - Throws: ``SpecGANError`` if it would hold a value that is not finite.
  private func save() throws(SpecGANError) -> Bool {
    let isScored = lastPreview?.step == trainer.step
    let checkpoint = setup.checkpoint(score: isScored ? lastPreview?.distance : nil)
    if let name = checkpoint.firstNotFinite {
      throw .diverged(run: run.path, step: trainer.step, .notFinite(name))
    }
    return try recorder.save(checkpoint, best: scores.best?.step)
  }

  /// Leaves a checkpoint of where the session stands.
  ///
  /// - Throws: ``SpecGANError``, also if something was to be tried again and there is no time left.
  private func stop(_ outcome: SessionOutcome) throws(SpecGANError) {
    let step = trainer.step
    if recorder.lastSavedStep != step, try save() { try tellMonitors(of: step) }
    try recorder.finish()
    try recorder.writeRecord(outcome)
    try tellMonitors { monitor throws(SpecGANError) in try monitor.stopped(outcome) }
  }

  /// Goes back to where the run was whole, if `error` is a divergence and the configuration says
  /// so.
  ///
  /// - Throws: ``SpecGANError`` otherwise; see ``DivergenceRule``.
  private func rollBack(after error: SpecGANError) throws(SpecGANError) {
    let before = trainer.rollBacks
    let target = try DivergenceRule(configuration).target(
      after: error, at: trainer.step, rollBacks: before, in: recorder)
    if let target { try setup.restore(target, of: run) } else { trainer.restart() }
    trainer.rollBacks = before + 1
    let step = trainer.step
    lastPreview = nil
    scores.goBack(to: step)
    try recorder.leaveBranch(after: step, isSaved: target != nil)
    recorder.attempts.warn(
      "\(error.statement); going back to step \(step), and on from there with other draws "
        + "(roll-back \(before + 1)).")
    try recorder.removeBranch(after: step)
    try tellMonitors { monitor throws(SpecGANError) in try monitor.rolledBack(to: step) }
  }

  /// Tells the monitors of the checkpoint just written.
  private func tellMonitors(of checkpointStep: Int) throws(SpecGANError) {
    try tellMonitors { monitor throws(SpecGANError) in
      try monitor.checkpointWritten(step: checkpointStep)
    }
  }

  /// Calls `body` with each monitor.
  private func tellMonitors(
    _ body: (any Monitor) throws(SpecGANError) -> Void
  ) throws(SpecGANError) {
    for (index, monitor) in monitors.enumerated() {
      try recorder.attempts.write(.monitor(index)) { () throws(SpecGANError) in
        try body(monitor)
      }
    }
  }
}
