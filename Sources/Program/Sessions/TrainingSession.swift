internal import Safetensors
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANRuns
package import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANTensors
package import SpecGANTraining
internal import SpecGANWorkers

/// One session of training a run: from its last checkpoint to a limit or an interruption.
///
/// The first session creates the run's folder. Every stop writes a checkpoint, so that training
/// `n + m` steps gives the same bits as training `n`, stopping, and training `m`.
package final class TrainingSession {
  /// The scores of the run's log.
  package private(set) var scores = ScoreHistory()
  private var setup: TrainingSetup
  private let recorder: RunRecorder
  private let monitors: [any Monitor]
  private let changesPlan: Bool
  private let engine: Engine
  private var resumingWarnings: [String] = []
  private var secondsBefore = 0.0
  /// The maker of previews, once the session has begun.
  private var maker: PreviewMaker?
  /// The last preview of this session; if it is of a checkpoint's step, its distance is the
  /// checkpoint's score.
  private var lastPreview: Preview?
  /// The log entry of this session's last step.
  private var lastEntry: RunLog.Entry?

  /// Opens a new run at `run` or, if `resuming`, an existing one at its last intact checkpoint.
  ///
  /// - Parameters:
  ///   - configuration: the settings.
  ///   - run: the run's folder.
  ///   - cache: the examples.
  ///   - resuming: whether an existing run is resumed.
  ///   - start: the checkpoint with whose weights a new run begins; nil to draw them.
  ///   - monitors: the observers of the run; see ``Monitors``.
  ///   - changesPlan: whether a planned end in the settings replaces that of a resumed run.
  ///   - members: the members of a distributed run, of which this is the first; nil if it trains
  ///     alone. The others call ``follower(_:on:members:engine:)``.
  ///   - engine: the threads.
  /// - Throws: ``SpecGANError`` if the run exists and `resuming` is false, or if the run, the
  ///   settings and the cache do not match.
  package init(
    _ configuration: Configuration, run: RunFolder, cache: Cache, resuming: Bool,
    from start: FoundCheckpoint? = nil, monitors: [any Monitor] = [], changesPlan: Bool = true,
    members: (any Members)? = nil, engine: Engine
  ) throws(SpecGANError) {
    let isStarted = try run.isStarted
    if isStarted && !resuming { throw .runExists(path: run.path) }
    if isStarted && start != nil { throw .hasBegun(run: run.path) }
    if !isStarted { try run.checkIsFree() }
    let configuration = configuration.resolved
    (self.monitors, self.changesPlan, self.engine) = (monitors, changesPlan, engine)
    setup = try TrainingSetup(configuration, from: cache, members: members, engine: engine)
    recorder = try RunRecorder(run, configuration, from: cache, threads: engine.workers.count)
    if let start, let warning = try setup.begin(from: start) { resumingWarnings.append(warning) }
    if resuming && isStarted {
      try resume()
    } else if resuming {
      resumingWarnings.append(
        "\(run.path) has no run, so there is nothing to resume; training starts at step 0.")
    }
    recorder.record?.from = setup.origin
    recorder.keepsFirst = setup.origin != nil
  }

  /// The run's folder.
  package var run: RunFolder { recorder.run }
  /// The path of the cache.
  package var cachePath: String { setup.cache.path }
  /// The networks in training.
  package var trainer: Trainer { setup.trainer }
  /// A checkpoint of the current step, which shares the state in training; without a score.
  package var checkpoint: Checkpoint { setup.checkpoint(score: nil) }
  /// The settings; those that were not chosen have the published values for the loss.
  package var configuration: Configuration { setup.configuration }
  /// The steps with a preview, besides those with a checkpoint; nil without previews.
  package var previewSchedule: PreviewSchedule? {
    let monitoring = configuration.monitoring
    return monitoring.previewCount > 0
      ? PreviewSchedule(longestGap: monitoring.previewSteps) : nil
  }
  /// Warnings to show before training starts.
  package var warnings: [String] { resumingWarnings + setup.warnings }

  /// The checkpoint of the step with the best score in the log; nil if that step has none.
  ///
  /// Every step that has the best score so far writes one, and the best one is kept. Throws if the
  /// system fails.
  package var bestCheckpointPath: String? {
    get throws(SpecGANError) {
      try scores.best.flatMap { (best) throws(SpecGANError) in
        try run.existingCheckpointPath(step: best.step)
      }
    }
  }

  /// Restores the trainer from the last intact checkpoint.
  private func resume() throws(SpecGANError) {
    if let found = try recorder.reopen() {
      try setup.restore(found, of: run)
      resumingWarnings = found.warnings
      try keepPlan(of: found.checkpoint.configuration.training)
    } else {
      try recorder.checkNoneLost()
      resumingWarnings.append(
        "\(run.path) has no checkpoint yet, so training starts again at step 0.")
      if configuration.hasPlan,
        try Folder.exists(run.configurationPath)
      {
        try keepPlan(of: try Configuration(path: run.configurationPath).training)
      }
    }
    let entries = try recorder.logEntries(upTo: trainer.step)
    if let last = entries.last?.step, last < trainer.step {
      resumingWarnings.append(
        "\(run.logPath) ends at step \(last), and the checkpoint is of step \(trainer.step); the "
          + "steps between them are missing in the log.")
    }
    secondsBefore = entries.last?.wallSeconds ?? 0
    for entry in entries { scores.add(entry) }
  }
}

// MARK: - The planned end

extension TrainingSession {
  /// Keeps the planned end of a run, unless the settings name another one, which may change it.
  ///
  /// - Parameter before: the settings of its last checkpoint or, without one, of its first session.
  /// - Throws: ``SpecGANError`` if the networks would be at another stage by the new plan.
  private func keepPlan(of before: TrainingConfiguration) throws(SpecGANError) {
    guard configuration.hasPlan, let before = before.plannedSteps else { return }
    let wanted = configuration.training.plannedSteps ?? before
    let now = changesPlan ? wanted : before
    if wanted != now {
      resumingWarnings.append(
        "\(run.path): training.planned_steps stays \(now), although the configuration has "
          + "\(wanted); --set training.planned_steps=\(wanted) changes it.")
    }
    if now != before {
      guard setup.stage(by: before) == setup.stage(by: now) else {
        throw .otherLevel(run: run.path, step: trainer.step, before: before, now: now)
      }
      resumingWarnings.append(
        "\(run.path): training.planned_steps was \(before) and is now \(now); from here on the "
          + "run follows the new plan.")
    }
    plan(now)
  }

  private func plan(_ steps: Int) {
    setup.plan(steps)
    recorder.configuration = setup.configuration
  }

  /// Checks that the planned end can be fixed, if training depends on one.
  ///
  /// - Throws: ``SpecGANError`` if there is no limit, or only a limit of time after the first
  ///   steps.
  private func checkPlan(until limits: Limits) throws(SpecGANError) {
    guard configuration.needsPlan else { return }
    let isMeasurable = limits.minutes != nil && trainer.step == 0
    guard limits.steps != nil || isMeasurable else { throw .noPlan(run: run.path) }
  }

  /// Fixes the planned end, if training depends on one and it is not fixed: the limit of steps, or
  /// the steps that fit into the limit of time at the pace of the first steps. These are then done
  /// again, so that a run depends on its plan alone.
  private func fixPlan(
    until limits: Limits, isInterrupted: () -> Bool, warn: (String) -> Void
  ) throws(SpecGANError) {
    if let steps = limits.steps, let end = configuration.training.plannedSteps,
      configuration.training.learningRateDecay != .none, steps > end, trainer.step < steps
    {
      warn(
        "\(run.path): the learning rates decay until step \(end), and training goes to step "
          + "\(steps); set training.planned_steps to change the former.")
    }
    guard configuration.needsPlan else { return }
    if let steps = limits.steps {
      if steps > 0 { plan(min(steps, StepPace.mostSteps)) }
    } else if let minutes = limits.minutes, let pace = pace(for: limits, isInterrupted) {
      plan(max(1, pace.steps(in: 60 * minutes)))
    }
    guard !configuration.needsPlan else { return }
    try recorder.writeConfiguration()
  }

  /// Returns the pace of the first steps of a session with `limits`; nil if it is interrupted. The
  /// trainer is then as before.
  private func pace(for limits: Limits, _ isInterrupted: () -> Bool) -> StepPace? {
    let rollBacks = trainer.rollBacks
    let start = ContinuousClock.now
    var pace = StepPace(for: limits)
    while !pace.isKnown && !isInterrupted() {
      // Training itself will report a divergence.
      let isTaken = (try? trainer.takeStep()) != nil
      let elapsed = start.secondsPassed
      pace.add(elapsed - pace.seconds, elapsed: elapsed)
      if !isTaken { break }
    }
    setup.restart()
    trainer.rollBacks = rollBacks
    return pace.stepCount > 0 && !isInterrupted() ? pace : nil
  }
}

// MARK: - The loop

extension TrainingSession {
  /// Trains until a limit or an interruption, and writes a checkpoint and a preview.
  ///
  /// - Throws: ``SpecGANError`` if something cannot be written or a loss diverges, unless the
  ///   configuration says to continue.
  package func train(
    until limits: Limits, isInterrupted: () -> Bool = { false },
    report: (Event) -> Void = { _ in }
  ) throws(SpecGANError) -> SessionOutcome {
    // The receiver of warnings is kept only until this call returns.
    let result = withoutActuallyEscaping(report) { report in
      recorder.attempts.warn = { report(.warning($0)) }
      defer { recorder.attempts.warn = { _ in } }
      return Result { () throws(SpecGANError) in
        try train(until: limits, isInterrupted: isInterrupted, reporting: report)
      }
    }
    return try result.get()
  }

  private func train(
    until limits: Limits, isInterrupted: () -> Bool, reporting report: (Event) -> Void
  ) throws(SpecGANError) -> SessionOutcome {
    let rule = StopRule(limits, patience: configuration.training.patience)
    if recorder.lastSavedStep == trainer.step, let outcome = rule.outcome(at: trainer.step, scores)
    {
      if try recorder.isCutOff {
        try recorder.begin()
        try stop(outcome)
      } else {
        try recorder.keepConfiguration()
      }
      return outcome
    }
    let start = ContinuousClock.now
    try checkPlan(until: limits)
    try begin()
    try fixPlan(until: limits, isInterrupted: isInterrupted) { report(.warning($0)) }
    if let warning = setup.planWarning { report(.warning("\(run.path): \(warning)")) }
    // The weights of another run are needed again if this one is killed before its first
    // checkpoint, or rolls back.
    if trainer.step == 0, setup.origin != nil, recorder.lastSavedStep != 0 { _ = try save() }
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
              entry: entry, spectralDistance: scores.last?.value, sessionSteps: sessionSteps,
              sessionSeconds: start.secondsPassed)))
        // The receiver of the report may have interrupted the session.
        if outcome == nil, let stopped = outcomeByLimits() {
          outcome = stopped
          try showLastStep()
        }
      } catch {
        try rollBack(after: error)
        outcome = outcomeByLimits()
      }
    }
  }

  private func begin() throws(SpecGANError) {
    try recorder.begin()
    // Not before, so that a session without a step changes nothing.
    try recorder.cutLog(after: trainer.step)
    let count = configuration.monitoring.previewCount
    guard count > 0, maker == nil else { return }
    let maker = try PreviewMaker(count: count, comparedWith: setup.cache, engine: engine)
    let latents = maker.latents(for: trainer.gan, seed: configuration.training.seed)
    try recorder.write(latents, maker.realClips)
    self.maker = maker
  }

  private func takeStep(since start: ContinuousClock.Instant) throws(SpecGANError) -> RunLog.Entry {
    let stepStart = ContinuousClock.now
    let isAugmented = configuration.training.augmentation != .none
    let probability = isAugmented ? trainer.augmentationProbability : nil
    do {
      let losses = try trainer.takeStep()
      return RunLog.Entry(
        step: trainer.step, wallSeconds: secondsBefore + start.secondsPassed, losses: losses,
        rates: trainer.learningRates(step: trainer.step - 1),
        secondsPerStep: stepStart.secondsPassed, plannedSteps: trainer.plannedSteps,
        stage: trainer.growthStage(step: trainer.step - 1), augmentationProbability: probability)
    } catch {
      throw .diverged(run: run.path, step: trainer.step + 1, error)
    }
  }

  /// Records the step just completed, with the preview and the checkpoint that are due after it.
  private func record(_ entry: inout RunLog.Entry, isLast: Bool) throws(SpecGANError) {
    let step = trainer.step
    let isCheckpointDue = configuration.training.isCheckpointDue(after: step)
    let isPreviewDue = previewSchedule?.contains(step) == true || isCheckpointDue
    let preview = isPreviewDue || isLast ? try makePreview() : nil
    if isPreviewDue {
      entry.spectralDistance = preview?.distance
    } else {
      entry.stopSpectralDistance = preview?.distance
    }
    scores.add(entry)
    lastEntry = entry
    try recorder.add(entry)
    let isBest = scores.best?.step == step
    // Before the monitors, so that their failures do not lose it.
    let isSaved = isCheckpointDue || isBest ? try save(onlyAsBest: !isCheckpointDue) : false
    try recorder.writeRecord()
    let (line, networks) = (entry, TrainedNetworksView(trainer))
    try notifyMonitors { monitor throws(SpecGANError) in
      try monitor.record(line, of: networks)
      if let preview, recorder.attempts.failure(of: .preview) == nil {
        try monitor.record(preview, of: networks)
      }
    }
    if isSaved { try notifyMonitors(of: step) }
  }

  /// Records a preview of the last step, if it has none yet.
  private func showLastStep() throws(SpecGANError) {
    guard lastPreview?.step != trainer.step, let preview = try makePreview() else { return }
    if var entry = lastEntry, entry.step == trainer.step {
      entry.stopSpectralDistance = preview.distance
      scores.add(entry)
      try recorder.replaceLast(entry)
    }
    let networks = TrainedNetworksView(trainer)
    try notifyMonitors { monitor throws(SpecGANError) in
      guard recorder.attempts.failure(of: .preview) == nil else { return }
      try monitor.record(preview, of: networks)
    }
  }

  /// Makes and writes a preview; returns nil if previews are off, or the samples are not finite.
  private func makePreview() throws(SpecGANError) -> Preview? {
    guard let maker else { return nil }
    guard let preview = try maker.preview(of: setup.checkpoint(score: nil)) else {
      recorder.attempts.warn(
        "\(run.path): the generator's samples are not finite, or too large for audio, at step "
          + "\(trainer.step); no preview is written.")
      return nil
    }
    lastPreview = preview
    try recorder.write(preview)
    return preview
  }

  /// Writes a checkpoint, which the next better one replaces if it is kept `onlyAsBest`; returns
  /// false if that fails and the configuration says to continue.
  ///
  /// - Throws: ``SpecGANError`` if it would contain a value that is not finite, the states of the
  ///   ranks differ, or the write fails.
  private func save(onlyAsBest: Bool = false) throws(SpecGANError) -> Bool {
    let isScored = lastPreview?.step == trainer.step
    let checkpoint = setup.checkpoint(score: isScored ? lastPreview?.distance : nil)
    if let name = checkpoint.firstNotFinite {
      throw .diverged(run: run.path, step: trainer.step, .notFinite(name))
    }
    if let ranks = trainer.unequalMembers() {
      throw .unequalRanks(ranks, run: run.path, step: trainer.step)
    }
    return try recorder.save(checkpoint, best: scores.best?.step, onlyAsBest: onlyAsBest)
  }

  /// Ends the session with a checkpoint of the current step.
  ///
  /// - Throws: ``SpecGANError`` if a write fails, or the log or the checkpoint still cannot be
  ///   written.
  private func stop(_ outcome: SessionOutcome) throws(SpecGANError) {
    let step = trainer.step
    if recorder.lastSavedStep != step, try save() { try notifyMonitors(of: step) }
    try recorder.finish()
    try recorder.writeRecord(outcome)
    try notifyMonitors { monitor throws(SpecGANError) in try monitor.stopped(outcome) }
  }

  /// Rolls the run back if `error` is a divergence and the configuration says so.
  ///
  /// - Throws: `error` otherwise; see ``DivergenceRule``.
  private func rollBack(after error: SpecGANError) throws(SpecGANError) {
    let before = trainer.rollBacks
    let target = try DivergenceRule(configuration).target(
      after: error, at: trainer.step, rollBacks: before, in: recorder)
    if let target { try setup.restore(target, of: run) } else { setup.restart() }
    trainer.rollBacks = before + 1
    let step = trainer.step
    lastPreview = nil
    scores.goBack(to: step)
    try recorder.leaveBranch(after: step, isSaved: target != nil)
    recorder.attempts.warn(
      "\(error.statement); rolling back to step \(step), with other random draws from there on "
        + "(roll-back \(before + 1)).")
    try recorder.removeBranch(after: step)
    try notifyMonitors { monitor throws(SpecGANError) in try monitor.rolledBack(to: step) }
  }

  /// Notifies the monitors of the checkpoint just written.
  private func notifyMonitors(of checkpointStep: Int) throws(SpecGANError) {
    try notifyMonitors { monitor throws(SpecGANError) in
      try monitor.checkpointWritten(step: checkpointStep)
    }
  }

  /// Calls `body` with each monitor.
  private func notifyMonitors(
    _ body: (any Monitor) throws(SpecGANError) -> Void
  ) throws(SpecGANError) {
    for (index, monitor) in monitors.enumerated() {
      try recorder.attempts.write(.monitor(index)) { () throws(SpecGANError) in
        try body(monitor)
      }
    }
  }
}
