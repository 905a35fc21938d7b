public import Datasets
internal import Files
internal import Models
internal import Networks
public import Tensors

/// One sitting at a run: from where it stands to where it is told to stop.
///
/// The run's folder is made with the first step's session; every stop leaves a checkpoint, so that
/// training `n + m` steps gives the same bits as training `n`, stopping, and training `m`.
public final class TrainingSession {
  /// When to stop; without either, only an interruption does.
  public struct Limits: Equatable, Sendable {
    /// The run's total of steps.
    public var steps: Int?
    /// Minutes of this session.
    public var minutes: Double?

    /// Stops at neither.
    public init() {}
  }

  /// Why a session ended.
  public enum Outcome: String, Sendable {
    /// The run has as many steps as asked for.
    case reachedSteps = "reached_steps"
    /// The session took as long as asked for.
    case reachedTime = "reached_time"
    /// Somebody asked to stop.
    case interrupted
  }

  /// How far a session is.
  public struct Progress: Sendable {
    /// The step just done.
    public let entry: RunLog.Entry
    /// Steps this session has done.
    public let sessionSteps: Int
    /// Seconds this session has run.
    public let sessionSeconds: Double
  }

  /// What a session tells while it trains.
  public enum Event: Sendable {
    /// A step is done.
    case step(Progress)
    /// Something a user should know, as a sentence.
    case warning(String)
  }

  /// The run's folder.
  public let run: RunFolder
  /// The networks in training.
  public let trainer: Trainer
  /// The settings.
  public let configuration: Configuration
  private let cache: Cache
  private let previewer: Previewer
  private var monitors: [any Monitor] = []
  private var secondsBefore = 0.0
  private var lastSavedStep: Int?
  private var lock: FolderLock?

  /// Checkpoints that are kept, as the published code does.
  private static let checkpointsKept = 5

  /// Opens the run at `run`, fresh or, when `resuming`, where its last checkpoint stands.
  ///
  /// - Throws: ``TrainingError`` where the run is there already, or cannot go on with these settings
  ///   and this cache.
  public init(
    _ configuration: Configuration, run: RunFolder, cache: Cache, resuming: Bool, engine: Engine
  ) throws(TrainingError) {
    self.configuration = configuration
    self.run = run
    self.cache = cache
    previewer = Previewer(configuration, run: run, cache: cache, engine: engine)
    if run.isStarted && !resuming { throw .runExists(path: run.path) }
    let differences = configuration.with(cache).trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .cacheSettings(cache: cache.path, differences: differences)
    }
    try TrainingMemory.check(configuration.gan, batch: configuration.training.batchSize)
    trainer = Trainer(
      configuration.gan, configuration.training,
      examples: try Self.examples(of: cache, for: configuration.model), engine: engine)
    if configuration.monitoring.tensorboard {
      monitors.append(EventMonitor(configuration, run: run, trainer: trainer, engine: engine))
    }
    if configuration.monitoring.report {
      monitors.append(ReportMonitor(run, from: cache, engine: engine))
    }
    if resuming { try resume() }
  }

  /// Trains until a limit or an interruption, and leaves a checkpoint and a preview.
  ///
  /// - Throws: ``TrainingError`` where something cannot be written or a loss is no number any more.
  public func train(
    until limits: Limits, isInterrupted: () -> Bool = { false }, report: (Event) -> Void = { _ in }
  ) throws(TrainingError) -> Outcome {
    if let steps = limits.steps, trainer.step >= steps, lastSavedStep == trainer.step {
      return .reachedSteps
    }
    try prepareFolder()
    let log = try withFiles { () throws(FileError) in try AppendedFile(path: run.logPath) }
    let start = ContinuousClock.now
    let firstStep = trainer.step
    var outcome = outcome(limits, isInterrupted(), seconds: 0)
    while true {
      if let outcome {
        secondsBefore += start.secondsPassed
        if lastSavedStep != trainer.step { try save() }
        for monitor in monitors { try monitor.stopped(outcome) }
        return outcome
      }
      var entry = try takeStep(since: start)
      outcome = self.outcome(limits, isInterrupted(), seconds: start.secondsPassed)
      try record(&entry, isLast: outcome != nil, in: log)
      if trainer.step % configuration.training.checkpointSteps == 0 { try save() }
      report(
        .step(
          Progress(
            entry: entry, sessionSteps: trainer.step - firstStep,
            sessionSeconds: start.secondsPassed)))
    }
  }

  /// Brings a step to the log and the monitors, with a preview where one is due or none comes after.
  private func record(
    _ entry: inout RunLog.Entry, isLast: Bool, in log: borrowing AppendedFile
  ) throws(TrainingError) {
    let preview =
      try previewer.isDue(after: trainer.step, isLast: isLast)
      ? previewer.makePreview(of: checkpoint) : nil
    entry.spectralDistance = preview?.distance
    let line = RunLog.line(entry)
    try withFiles { () throws(FileError) in try log.append(line: line) }
    for monitor in monitors {
      try monitor.record(entry)
      if let preview { try monitor.record(preview) }
    }
  }

  private func outcome(_ limits: Limits, _ isInterrupted: Bool, seconds: Double) -> Outcome? {
    if let steps = limits.steps, trainer.step >= steps { return .reachedSteps }
    if isInterrupted { return .interrupted }
    if let minutes = limits.minutes, seconds >= 60 * minutes { return .reachedTime }
    return nil
  }

  /// What a user should know before training starts.
  public var warnings: [String] {
    let batch = configuration.training.batchSize
    return cache.count >= batch
      ? []
      : [
        "\(cache.path) has \(cache.count) examples, fewer than a batch of \(batch); "
          + "some are in a batch twice."
      ]
  }

  private func takeStep(since start: ContinuousClock.Instant) throws(TrainingError) -> RunLog.Entry
  {
    let stepStart = ContinuousClock.now
    let losses = trainer.takeStep()
    if let quantity = losses.firstNotFinite {
      throw .diverged(run: run.path, step: trainer.step, quantity: quantity)
    }
    return RunLog.Entry(
      step: trainer.step, wallSeconds: secondsBefore + start.secondsPassed, losses: losses,
      secondsPerStep: stepStart.secondsPassed)
  }
}

// MARK: - The folder

extension TrainingSession {
  private func prepareFolder() throws(TrainingError) {
    try withFiles { () throws(FileError) in try Folder.create(run.checkpointFolder) }
    try takeLock()
    try withFiles { () throws(FileError) in
      try AtomicFile.removeAbandoned(in: run.checkpointFolder)
      try AtomicFile.replace(run.configurationPath, with: configuration.yaml)
    }
    try previewer.prepare()
  }

  /// Makes sure that nobody else trains this run until the session ends.
  private func takeLock() throws(TrainingError) {
    guard lock == nil else { return }
    lock = try withFiles { () throws(FileError) in try FolderLock.take(run.path) }
    guard lock != nil else { throw .busy(run: run.path) }
  }

  private func save() throws(TrainingError) {
    for parameters in [
      trainer.generator, trainer.critic, trainer.generatorOptimizer.square,
      trainer.criticOptimizer.square,
    ] {
      guard let name = parameters.firstNotFinite else { continue }
      throw .diverged(run: run.path, step: trainer.step, quantity: name)
    }
    do {
      try checkpoint.write(to: run.checkpointPath(step: trainer.step))
    } catch {
      throw .tensors(error)
    }
    lastSavedStep = trainer.step
    try withFiles { () throws(FileError) in try run.keepLastCheckpoints(Self.checkpointsKept) }
    for monitor in monitors { try monitor.checkpointWritten() }
  }

  /// What the run is now.
  private var checkpoint: Checkpoint {
    Checkpoint(
      trainer, configuration: configuration, fingerprint: cache.fingerprint,
      moments: cache.moments)
  }

  /// Brings the trainer to the last checkpoint, and the log to its step.
  private func resume() throws(TrainingError) {
    guard run.isStarted else { return }
    try takeLock()
    let steps = try withFiles { () throws(FileError) in try run.checkpointSteps() }
    if let last = steps.last { try restore(run.checkpointPath(step: last), step: last) }
    secondsBefore = try RunLog.cut(path: run.logPath, after: trainer.step)?.wallSeconds ?? 0
  }

  private func restore(_ path: String, step: Int) throws(TrainingError) {
    let checkpoint = try Checkpoint(path: path)
    let differences = checkpoint.configuration.trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .otherConfiguration(run: run.path, differences: differences)
    }
    guard checkpoint.fingerprint == cache.fingerprint else {
      throw .otherCache(run: run.path, cache: cache.path)
    }
    guard checkpoint.step == step else { throw .misnamed(path: path, step: checkpoint.step) }
    guard trainer.restore(checkpoint) else { throw .notResumable(path: path) }
    lastSavedStep = step
  }

  private static func examples(
    of cache: Cache, for model: ModelKind
  ) throws(TrainingError) -> any Examples {
    do {
      switch model {
      case .specgan: return try cache.spectrograms()
      case .wavegan: return try cache.slices()
      }
    } catch {
      throw .dataset(error)
    }
  }
}

/// Calls `body`, with what goes wrong with files as this module's error.
private func withFiles<Result: ~Copyable>(
  _ body: () throws(FileError) -> Result
) throws(TrainingError) -> Result {
  do throws(FileError) { return try body() } catch { throw .file(error) }
}
