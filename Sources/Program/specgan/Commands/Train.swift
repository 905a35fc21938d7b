import ArgumentParser
import Networks
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANFiles
public import SpecGANModels
import SpecGANRanks
import SpecGANRuns
import SpecGANSessions
import SpecGANSettings
import SpecGANTensors
import SpecGANTraining

extension ModelKind: ExpressibleByArgument {}

struct Train: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train SpecGAN or WaveGAN from a cache or a folder of sounds.",
    discussion: """
      --sounds does all that a folder of sounds needs. It writes settings that suit them beside the \
      run (run.yaml), as init --for does, unless that file exists; preprocesses into the cache, \
      unless that is up to date; and trains. A cache of other sounds is refused.

      Stops after --steps steps in total, after --minutes, at Ctrl-C, or when the score has not \
      improved for training.patience steps. Each stop writes a checkpoint, and card.md, which names \
      the training data and their licenses. --resume continues from the last checkpoint, with the \
      same bits as without the stop; a run that has not begun starts at step 0. --from \
      begins a new run with the weights of another one, on other audio.

      Example: specgan train specgan.yaml --minutes 60
      Example: specgan train --sounds sounds --minutes 60
      """)

  @Argument(help: "The configuration file, which specgan init writes, or the folder of a run.")
  var config: String?

  @Option(
    help: ArgumentHelp(
      "A folder of sounds, in place of a configuration and a cache that exist.",
      valueName: "folder"))
  var sounds: String?

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

  @Option(
    help: ArgumentHelp(
      """
      Begin with the weights of a run or a checkpoint with the same networks, at step 0 and with a \
      new optimizer.
      """, valueName: "run-or-checkpoint"))
  var from: String?

  @Option(help: "Random seed. (default: training.seed of the configuration)")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "The seconds after which a silent rank is lost.", valueName: "seconds", visibility: .hidden))
  var rankPatience = 60.0

  @OptionGroup var settings: SettingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    let folders = [("cache", cache), ("run", runFolder), ("sounds", sounds)]
    for (name, path) in folders where path == "" {
      throw ValidationError("--\(name) is empty; give the path of a folder.")
    }
    if (config == nil) == (sounds == nil) {
      throw ValidationError(
        "Give either a configuration, which specgan init writes, or --sounds and a folder.")
    }
    if sounds != nil, let runFolder, [".", ".."].contains(Folder.name(of: runFolder)) {
      throw ValidationError(
        "--run is \(runFolder), beside which no settings can be written; give a folder's name.")
    }
    if !(1...3600).contains(rankPatience) {
      throw ValidationError("--rank-patience is \(rankPatience); use 1 to 3600.")
    }
    if let steps, steps < 0 { throw ValidationError("--steps is \(steps); use 0 or more.") }
    if let minutes, !(minutes >= 0) {
      throw ValidationError("--minutes is \(minutes); use 0 or more.")
    }
  }

  func run() throws {
    guard let ranks = try joinedRanks() else { return try train() }
    if ranks.index > 0 { return follow(ranks) }
    let others = OtherRanks(ranks)
    defer { others.release() }
    do {
      try train(with: others)
    } catch {
      // Before the others are released, which ends this rank too if one of them is not there.
      guard let status = ExitStatus(error) else { throw error }
      progress.messages.fail(error)
      throw ExitCode(status.rawValue)
    }
  }

  /// Trains alone or with other ranks.
  private func train(with others: OtherRanks? = nil) throws {
    let messages = progress.messages
    let interruption = Interruption(messages)
    let request =
      try sounds.map { try self.request(on: $0, interruption) }
      ?? self.request(of: config ?? "")
    let (configuration, run) = (request.configuration, request.run)
    let engine = Engine(threads: threads.threads)
    // Before the cache is opened, because an existing run needs another remedy than a new cache.
    try check(run)
    let start = try from.map { try RunFolder.checkpoint(for: $0) }
    for warning in start?.warnings ?? [] { messages.warn(warning) }
    let cache = try cache(at: request.cachePath, of: run, interruption)
    try others?.call(self.request, configuration, cache)
    let session = try TrainingSession(
      configuration, run: run, cache: cache, resuming: resume, from: start,
      monitors: Monitors.standard(for: configuration, run: run, engine: engine),
      changesPlan: settings.names("training.planned_steps"), members: others?.ranks, engine: engine)
    for warning in session.warnings { messages.warn(warning) }
    announce(session, messages)
    var line = ProgressLine(messages, showingFirst: true)
    defer { line.close() }
    let isNew = session.trainer.step == 0
    var estimator = StepEstimator(limits, previews: session.previewSchedule)
    let outcome = try session.train(until: limits, isInterrupted: { interruption.isRequested }) {
      switch $0 {
      case .step(let progress):
        line.show(
          TrainingReport(
            progress: progress, limits: limits, loss: configuration.training.loss,
            examplesPerStep: configuration.training.criticUpdates * configuration.training.batchSize
          ))
        let estimate = estimator.estimate(
          after: progress.entry.step, of: progress.entry.secondsPerStep,
          sessionSeconds: progress.sessionSeconds)
        if let estimate {
          line.announce(sentence(on: estimate, isNew: isNew, areChosen: request.areChosen))
        }
      case .warning(let text): line.warn(text)
      }
    }
    line.close()
    try report(session, outcome, hasCard: writeCard(of: session, on: cache), messages)
    if outcome == .interrupted { throw ExitCode(interruption.status.rawValue) }
  }

  private var limits: TrainingSession.Limits {
    var limits = TrainingSession.Limits()
    limits.steps = steps
    limits.minutes = minutes
    return limits
  }

  /// Opens and verifies the cache at `path`, on which `run` is trained.
  private func cache(
    at path: String, of run: RunFolder, _ interruption: Interruption
  ) throws -> Cache {
    if try run.isStarted && !Cache.exists(at: path) {
      throw SpecGANError.missingCache(run: run.path, fingerprint: try run.fingerprint, cache: path)
    }
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    do throws(SpecGANError) {
      return try Cache(
        verifying: path,
        progress: { done in
          // As JSON, only steps are reported.
          guard progress.messages.form == .line else { return }
          line.show(DoneReport(task: "verifying", done: done.done, total: done.total))
        },
        isInterrupted: { interruption.isRequested })
    } catch {
      guard error.kind == .interrupted else { throw error }
      throw ExitCode(interruption.status.rawValue)
    }
  }

  private func announce(_ session: TrainingSession, _ messages: Messages) {
    let configuration = session.configuration
    if let steps, steps < session.trainer.step {
      messages.announce(
        "\(session.run.path) has \(session.trainer.step) steps already, more than --steps \(steps); nothing is trained."
      )
      return
    }
    let end =
      limits.steps.map { "to step \($0)" } ?? limits.minutes.map { "for \(($0 * 60).duration)" }
      ?? "until Ctrl-C"
    messages.announce(
      """
      Training \(configuration.model.rawValue), dimension \(configuration.network.dimension), from \
      \(session.cachePath) in \(session.run.path), from step \(session.trainer.step) \(end).
      """)
  }

  private func report(
    _ session: TrainingSession, _ outcome: SessionOutcome, hasCard: Bool, _ messages: Messages
  ) throws {
    let card = hasCard ? ", its card is \(session.run.cardPath.withoutControls)" : ""
    if results.json { try Console.json(try Report(session, outcome)) }
    messages.announce(
      lines: """
        \(session.run.path.withoutControls) is at step \(session.trainer.step); its log is \(session.run.logPath.withoutControls)\(card). \
        \(outcome == .stoppedImproving ? afterTheBest(session) : anytime(session))
        """)
  }

  private struct Report: Encodable {
    let run: String
    let step: Int
    let outcome: String
    /// The step of the best score in the log, that score, and its checkpoint if it has one.
    let best_step: Int?
    let best_score: Float?
    let best_checkpoint: String?
    /// The number of weights of each network.
    let generator_parameters, critic_parameters: Int
    /// The value of each setting, as YAML.
    let settings: [String: String]

    init(_ session: TrainingSession, _ outcome: SessionOutcome) throws {
      run = session.run.path
      step = session.trainer.step
      self.outcome = outcome.rawValue
      best_step = session.scores.best?.step
      best_score = session.scores.best?.value
      best_checkpoint = try session.bestCheckpointPath
      generator_parameters = session.trainer.gan.generator.layout.count
      critic_parameters = session.trainer.gan.critic.layout.count
      settings = session.configuration.valuesByName
    }
  }
}
