import ArgumentParser
import SpecGANDatasets
public import SpecGANModels
import SpecGANRuns
import SpecGANSessions
import SpecGANSettings
import SpecGANTensors
import SpecGANTraining

extension ModelKind: ExpressibleByArgument {}

struct Train: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train SpecGAN or WaveGAN from a cache.",
    discussion: """
      Stops after --steps steps in total, after --minutes, at Ctrl-C, or when the score has not \
      improved for training.patience steps. Each stop writes a checkpoint. --resume continues from \
      the last one, with the same bits as without the stop.

      Example: specgan train specgan.yaml --minutes 60
      """)

  @Argument(help: "The configuration file. specgan init writes one.")
  var config: String

  @Option(help: "The model. (default: model of the configuration)")
  var model: ModelKind?

  @Option(help: "The cache. (default: paths.cache of the configuration)")
  var cache: String?

  @Option(
    name: .customLong("run"),
    help:
      "The run to write. (default: the run that the configuration belongs to, or its paths.run)")
  var runFolder: String?

  @Option(help: "Stop when the run has this many steps in total.")
  var steps: Int?

  @Option(help: "Stop after this many minutes.")
  var minutes: Double?

  @Flag(help: "Resume the run from its last checkpoint.")
  var resume = false

  @Option(help: "Random seed. (default: training.seed of the configuration)")
  var seed: UInt64?

  @OptionGroup var settings: SettingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    for (name, path) in [("cache", cache), ("run", runFolder)] where path == "" {
      throw ValidationError("--\(name) is empty; give the path of a folder.")
    }
    if let steps, steps < 0 { throw ValidationError("--steps is \(steps); use 0 or more.") }
    if let minutes, !(minutes >= 0) {
      throw ValidationError("--minutes is \(minutes); use 0 or more.")
    }
  }

  func run() throws {
    let configuration = try resolvedConfiguration()
    let messages = progress.messages
    let interruption = Interruption(messages)
    let (run, engine) = (
      RunFolder(path: configuration.paths.run), Engine(threads: threads.threads)
    )
    let session = try TrainingSession(
      configuration, run: run, cache: try Cache(path: configuration.paths.cache),
      resuming: resume, monitors: Monitors.standard(for: configuration, run: run, engine: engine),
      engine: engine)
    for warning in session.warnings { messages.warn(warning) }
    announce(session, messages)
    var line = ProgressLine(messages, showingFirst: true)
    defer { line.close() }
    let outcome = try session.train(until: limits, isInterrupted: { interruption.isRequested }) {
      switch $0 {
      case .step(let progress):
        line.show(
          TrainingReport(
            progress: progress, limits: limits, loss: configuration.training.loss,
            examplesPerStep: configuration.training.criticUpdates * configuration.training.batchSize
          ))
      case .warning(let text): line.warn(text)
      }
    }
    line.close()
    try report(session, outcome, messages)
    if outcome == .interrupted { throw ExitCode(interruption.status.rawValue) }
  }

  private var limits: TrainingSession.Limits {
    var limits = TrainingSession.Limits()
    limits.steps = steps
    limits.minutes = minutes
    return limits
  }

  private func resolvedConfiguration() throws -> Configuration {
    var configuration = try Configuration(path: config)
    if let own = RunFolder.holding(configuration: config) { configuration.paths.run = own }
    try settings.apply(to: &configuration)
    configuration.model = model ?? configuration.model
    configuration.training.seed = seed ?? configuration.training.seed
    configuration.paths.cache = cache ?? configuration.paths.cache
    configuration.paths.run = runFolder ?? configuration.paths.run
    try configuration.validatedForTraining()
    return configuration
  }

  private func announce(_ session: TrainingSession, _ messages: Messages) {
    let configuration = session.configuration
    let end =
      limits.steps.map { "to step \($0)" } ?? limits.minutes.map { "for \(($0 * 60).duration)" }
      ?? "until Ctrl-C"
    messages.announce(
      """
      Training \(configuration.model.rawValue), dimension \(configuration.network.dimension), from \
      \(configuration.paths.cache) in \(session.run.path), from step \(session.trainer.step) \(end).
      """)
  }

  private func report(
    _ session: TrainingSession, _ outcome: SessionOutcome, _ messages: Messages
  ) throws {
    if results.json { try Console.json(Report(session, outcome)) }
    messages.announce(
      lines: """
        \(session.run.path.withoutControls) is at step \(session.trainer.step); its log is \(session.run.logPath.withoutControls). \
        \(outcome == .stoppedImproving ? afterTheBest(session) : anytime(session))
        """)
  }

  private func anytime(_ session: TrainingSession) -> String {
    // Without a plan, a limit is needed again.
    let limit =
      session.configuration.training.needsPlan ? minutes.map { " --minutes \($0)" } ?? "" : ""
    return """
      Resume with
        specgan train \(session.run.configurationPath.withoutControls) --resume\(limit)
      or listen with
        specgan generate \(session.run.path.withoutControls) --output sounds --pictures
      """
  }

  /// Returns the path of the best checkpoint, and the commands to listen to it or to resume.
  private func afterTheBest(_ session: TrainingSession) -> String {
    guard let best = session.scores.best else { return anytime(session) }
    // The steps waited so far: scores may be further apart than the patience.
    let waited = max(session.configuration.training.patience, session.trainer.step - best.step)
    let found = session.bestCheckpointPath
    return """
      The score has not improved since step \(best.step) \
      (\(Double(best.value).rounded(to: 2)) dB). \
      \(found.map { "The checkpoint of that step is \($0.withoutControls)." } ?? "That step has no checkpoint.") \
      Listen with
        specgan generate \((found ?? session.run.path).withoutControls) --output sounds --pictures
      or resume with
        specgan train \(session.run.configurationPath.withoutControls) --resume --set training.patience=\(min(2 * waited, 1_000_000_000))
      """
  }

  private struct Report: Encodable {
    let run: String
    let step: Int
    let outcome: String
    /// The step of the best score in the log, that score, and its checkpoint if it has one.
    let best_step: Int?
    let best_score: Float?
    let best_checkpoint: String?

    init(_ session: TrainingSession, _ outcome: SessionOutcome) {
      run = session.run.path
      step = session.trainer.step
      self.outcome = outcome.rawValue
      best_step = session.scores.best?.step
      best_score = session.scores.best?.value
      best_checkpoint = session.bestCheckpointPath
    }
  }
}
