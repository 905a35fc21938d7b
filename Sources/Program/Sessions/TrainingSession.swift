package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANModels
package import SpecGANRuns
package import SpecGANSettings
internal import SpecGANSynthesis
package import SpecGANTensors
package import SpecGANTraining
internal import SpecGANWorkers

/// One sitting at a run: from where it stands to where it is told to stop.
///
/// The run's folder is made with the first step's session; every stop leaves a checkpoint, so that
/// training `n + m` steps gives the same bits as training `n`, stopping, and training `m`.
package final class TrainingSession {
  /// When to stop; without either, only an interruption does.
  package struct Limits: Equatable, Sendable {
    /// The run's total of steps.
    package var steps: Int?
    /// Minutes of this session.
    package var minutes: Double?

    /// Stops at neither.
    package init() {}
  }

  /// How far a session is.
  package struct Progress: Sendable {
    /// The step just done.
    package let entry: RunLog.Entry
    /// Steps this session has done, those that were rolled back among them.
    package let sessionSteps: Int
    /// Seconds this session has run.
    package let sessionSeconds: Double
  }

  /// What a session tells while it trains.
  package enum Event: Sendable {
    /// A step is done.
    case step(Progress)
    /// Something a user should know, as a sentence.
    case warning(String)
  }

  /// What is told of ``Event``s.
  typealias Report = (Event) -> Void

  /// The run's folder.
  package let run: RunFolder
  /// The networks in training.
  package let trainer: Trainer
  /// The settings, with the loss's published ones where none were chosen.
  package let configuration: Configuration
  let cache: Cache
  /// What the networks know of labels: mostly nothing.
  let labels: [String]
  let previewer: Previewer
  var monitors: [any Monitor] = []
  var log: SessionLog
  /// The scores of the run's log.
  package internal(set) var scores = ScoreHistory()
  var lock: RunLock
  var secondsBefore = 0.0
  /// Whether what is in the folder may be this session's: it resumes, or has written there.
  var ownsFolder = false
  /// The step whose state a checkpoint of this run's course holds.
  var lastSavedStep: Int?
  /// The last preview of this session; one of the checkpoint's step gives its score.
  var lastPreview: Preview?
  /// Steps of checkpoints that are damaged or of a course that was left, to go when a new one is whole.
  var outdatedSteps: Set<Int> = []
  /// What could not be written when it was last tried.
  var writeFailures: [Output: SpecGANError] = [:]
  private var resumingWarnings: [String] = []

  /// Opens the run at `run`, fresh or, when `resuming`, where its last whole checkpoint stands.
  ///
  /// - Throws: ``SpecGANError`` where the run is there already, or cannot go on with these settings
  ///   and this cache.
  package init(
    _ configuration: Configuration, run: RunFolder, cache: Cache, resuming: Bool, engine: Engine
  ) throws(SpecGANError) {
    let configuration = configuration.resolved
    self.configuration = configuration
    self.run = run
    self.cache = cache
    log = SessionLog(path: run.logPath)
    lock = RunLock(run)
    previewer = Previewer(configuration, run: run, cache: cache, engine: engine)
    if run.isStarted && !resuming { throw .runExists(path: run.path) }
    let differences = configuration.with(cache).trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .cacheSettings(cache: cache.path, differences: differences)
    }
    labels = configuration.network.isConditional ? cache.labels : []
    let gan = configuration.gan(labels: labels.count)
    let memory = TrainingMemory.needed(gan, configuration.training)
    if let availableMemory, memory > availableMemory {
      throw .memory(needed: memory, available: availableMemory)
    }
    trainer = Trainer(
      gan, configuration.training, largestLoss: configuration.recovery.largestLoss,
      examples: try Self.examples(of: cache, for: configuration),
      labels: configuration.network.isConditional ? try Self.labelNumbers(of: cache) : [],
      engine: engine)
    if configuration.monitoring.tensorboard {
      monitors.append(EventMonitor(configuration, run: run, trainer: trainer, engine: engine))
    }
    if configuration.monitoring.report {
      monitors.append(ReportMonitor(run, from: cache, engine: engine))
    }
    if resuming { resumingWarnings = try resume() }
  }

  private static func examples(
    of cache: Cache, for configuration: Configuration
  ) throws(SpecGANError) -> any Examples {
    switch (configuration.model, configuration.training.randomCrops) {
    case (.specgan, false): return try cache.spectrograms()
    case (.specgan, true): return try cache.croppedSpectrograms()
    case (.wavegan, false): return try cache.slices()
    case (.wavegan, true): return try cache.croppedSlices()
    }
  }

  /// The label of each example.
  ///
  /// - Throws: ``SpecGANError`` where one has none, all have the same, or the cache is damaged.
  private static func labelNumbers(of cache: Cache) throws(SpecGANError) -> [Int] {
    let numbers: [Int32]
    numbers = try cache.labelNumbers()
    guard cache.labels.count > 1, numbers.allSatisfy({ $0 >= 0 }) else {
      throw .labels(
        cache: cache.path, labels: cache.labels.count, unlabelled: numbers.count { $0 < 0 })
    }
    return numbers.map(Int.init)
  }

  /// What a user should know before training starts.
  package var warnings: [String] {
    let batch = configuration.training.batchSize
    guard cache.count < batch else { return resumingWarnings }
    return resumingWarnings + [
      "\(cache.path) has \(cache.count) examples, fewer than a batch of \(batch); "
        + "some are in a batch twice."
    ]
  }

  /// Trains until a limit or an interruption, and leaves a checkpoint and a preview.
  ///
  /// - Throws: ``SpecGANError`` where something cannot be written or a loss blows up, unless the
  ///   configuration says to go on.
  package func train(
    until limits: Limits, isInterrupted: () -> Bool = { false }, report: (Event) -> Void = { _ in }
  ) throws(SpecGANError) -> SessionOutcome {
    if let steps = limits.steps, trainer.step >= steps, lastSavedStep == trainer.step {
      return .reachedSteps
    }
    if isOutOfPatience, lastSavedStep == trainer.step { return .stoppedImproving }
    try prepareFolder()
    let start = ContinuousClock.now
    defer { secondsBefore += start.secondsPassed }
    var sessionSteps = 0
    var outcome =
      outcome(limits, isInterrupted(), seconds: 0) ?? (isOutOfPatience ? .stoppedImproving : nil)
    while true {
      do throws(SpecGANError) {
        if let outcome {
          try stop(outcome, report)
          return outcome
        }
        var entry = try takeStep(since: start)
        sessionSteps += 1
        outcome = self.outcome(limits, isInterrupted(), seconds: start.secondsPassed)
        try leaveTraces(of: &entry, isLast: outcome != nil, report)
        if outcome == nil, isOutOfPatience { outcome = .stoppedImproving }
        report(
          .step(
            Progress(
              entry: entry, sessionSteps: sessionSteps, sessionSeconds: start.secondsPassed)))
      } catch {
        try recover(from: error, report)
        outcome = self.outcome(limits, isInterrupted(), seconds: start.secondsPassed)
      }
    }
  }

  /// Whether the step just scored ends the run.
  private var isOutOfPatience: Bool {
    scores.isOver(at: trainer.step, patience: configuration.training.patience)
  }

  /// Whether the step has the best score of a run that will end with it, or a better one.
  private var isBestToKeep: Bool {
    configuration.training.patience > 0 && scores.best?.step == trainer.step
  }

  private func outcome(_ limits: Limits, _ isInterrupted: Bool, seconds: Double) -> SessionOutcome?
  {
    if let steps = limits.steps, trainer.step >= steps { return .reachedSteps }
    if isInterrupted { return .interrupted }
    if let minutes = limits.minutes, seconds >= 60 * minutes { return .reachedTime }
    return nil
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

  /// The line of a step in the log, and what is due after it.
  private func leaveTraces(
    of entry: inout RunLog.Entry, isLast: Bool, _ report: Report
  ) throws(SpecGANError) {
    let isOnSchedule = isOnSchedule(trainer.step)
    let isDue = previewer.isDue(after: trainer.step) || isOnSchedule
    let preview = previewer.isOn && (isDue || isLast) ? try makePreview(report) : nil
    // Where a run was stopped is not to be seen in its log.
    entry.spectralDistance = isDue ? preview?.distance : nil
    log.add(entry)
    scores.add(entry)
    try write(.log, report) { () throws(SpecGANError) in try log.write() }
    // Before the monitors, whose failures are not to cost it.
    let isSaved = isOnSchedule || isBestToKeep ? try save(report) : false
    let line = entry
    try tellMonitors(report) { monitor throws(SpecGANError) in
      try monitor.record(line)
      if let preview, writeFailures[.preview] == nil { try monitor.record(preview) }
    }
    if isSaved { try tellOfCheckpoint(report) }
  }
}
