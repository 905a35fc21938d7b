internal import SpecGANDatasets
public import SpecGANErrors
internal import SpecGANRuns
internal import SpecGANSessions
internal import SpecGANSettings
internal import SpecGANTensors

/// The state of training after a step.
public struct TrainingProgress: Sendable {
  /// The number of steps of the run.
  public let step: Int
  /// The critic's loss, with the gradient penalty.
  public let criticLoss: Float
  /// The generator's loss.
  public let generatorLoss: Float
  /// The duration of this session, in s.
  public let seconds: Double
  /// The duration of the step, in s.
  public let secondsPerStep: Double
  /// Warnings since the last step, each a sentence: writes that failed and are tried again,
  /// roll-backs, damaged checkpoints that were not used.
  public let warnings: [String]
}

extension Run {
  /// Trains a network and returns the run at its last checkpoint.
  ///
  /// ```swift
  /// let run = try Run.train(from: dataset, at: "run", settings: .small, minutes: 60) { progress in
  ///   print(progress.step, progress.criticLoss)
  ///   return .proceed
  /// }
  /// ```
  ///
  /// The folder contains checkpoints, the log, previews and the settings; `specgan` also opens it.
  /// Training stops at the first limit, or when `progress` says so, and writes a checkpoint.
  ///
  /// - Parameters:
  ///   - dataset: the examples.
  ///   - path: the folder of the run.
  ///   - settings: the model, the networks and the schedule. A planned end changes that of a
  ///     resumed run.
  ///   - resuming: whether an existing run at `path` is resumed; if false, it is an error.
  ///   - start: a run with the same network, with whose weights a new run begins; nil to draw them.
  ///   - steps: the limit on the run's total of steps; nil for none.
  ///   - minutes: the limit on this session's duration; nil for none.
  ///   - threads: the number of threads, 1 to 1024; results do not depend on it.
  ///   - progress: called after each step; returns whether to continue.
  /// - Returns: the run, at its last checkpoint.
  /// - Throws: ``SpecGANError`` if a limit is negative, the settings do not match the dataset, the
  ///   run exists already, the network of `start` is another one, a file cannot be written, or
  ///   training diverges.
  public static func train(
    from dataset: Dataset, at path: String, settings: Settings = Settings(), resuming: Bool = false,
    startingWith start: Run? = nil, steps: Int? = nil, minutes: Double? = nil,
    threads: Int = Settings.processorCount,
    progress: (TrainingProgress) -> Continuation = { _ in .proceed }
  ) throws(SpecGANError) -> Run {
    if let steps, steps < 0 { throw .limit("steps", found: "\(steps)") }
    if let minutes, !(minutes >= 0) { throw .limit("minutes", found: "\(minutes)") }
    var configuration = settings.configuration
    (configuration.paths.cache, configuration.paths.run) = (dataset.path, path)
    try configuration.validatedForTraining()
    let (run, engine) = (RunFolder(path: path), Engine(threads: try Settings.checked(threads)))
    let session = try TrainingSession(
      configuration, run: run, cache: try Cache(verifying: dataset.path), resuming: resuming,
      from: try start.map { (start) throws(SpecGANError) in
        try RunFolder.checkpoint(for: start.checkpointPath)
      },
      monitors: Monitors.standard(for: configuration, run: run, engine: engine), engine: engine)
    var limits = TrainingSession.Limits()
    (limits.steps, limits.minutes) = (steps, minutes)
    var (isStopped, warnings) = (false, session.warnings)
    _ = try session.train(until: limits, isInterrupted: { isStopped }) { event in
      switch event {
      case .step(let step):
        isStopped = progress(TrainingProgress(step, warnings)) == .stop || isStopped
        warnings = []
      case .warning(let warning): warnings.append(warning)
      }
    }
    return try Run(at: path)
  }
}

extension TrainingProgress {
  fileprivate init(_ progress: TrainingSession.Progress, _ warnings: [String]) {
    let entry = progress.entry
    self.warnings = warnings
    (step, criticLoss, generatorLoss) = (entry.step, entry.criticLoss, entry.generatorLoss)
    (seconds, secondsPerStep) = (progress.sessionSeconds, entry.secondsPerStep)
  }
}
