import ArgumentParser
import SpecGANClassification
import SpecGANDatasets
import SpecGANFiles
import SpecGANModels
import SpecGANTensors

struct ClassifierCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classifier",
    abstract: "Train a classifier of sounds, to judge others by.",
    discussion: "Example: specgan classifier train cache --output sounds.classifier",
    subcommands: [ClassifierTrain.self])
}

struct ClassifierTrain: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a classifier of a cache's labels.",
    discussion: """
      The paper's network on log-mel spectrograms. A cache's labels are the folders its sounds were \
      in. About a tenth of the files is kept for validation and as much for the test, or of the \
      speakers where every file is called <speaker>_nohash_<number>. Stops when the loss on the \
      validation part has not fallen for --patience epochs or at Ctrl-C, and writes the best epoch's \
      weights with their accuracy on the test part. The same seed gives the same file.

      Example: specgan classifier train cache --output digits.classifier --channels 32
      """)

  private typealias Settings = ClassifierTraining.Settings

  @Argument(help: "A cache of sounds with labels.")
  var cache: String

  @Option(help: "The file to write.")
  var output: String

  @Option(help: "Channels of every convolution: 128 in the paper.")
  var channels = Settings().channels

  @Option(help: "Adam's step.")
  var learningRate = Settings().learningRate

  @Option(
    help: """
      Examples of an update, at most; of a small cache an eighth of what is learned from, but not \
      fewer than four.
      """)
  var batchSize = Settings().batchSize

  @Option(
    help: ArgumentHelp(
      "The part of the last features that is dropped in training.", valueName: "rate"))
  var dropout = Settings().dropout

  @Option(help: "Epochs at most.")
  var epochs = Settings().epochs

  @Option(help: "Epochs without a lower loss on the validation part before it stops.")
  var patience = Settings().patience

  @Option(help: "What the parts, the first weights and the order depend on.")
  var seed = Settings().seed

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output is empty; give the path of a file.") }
    try checkOptions(settings.check)
  }

  func run() throws {
    let messages = progress.messages
    let interruption = Interruption(messages)
    try refuseUnwritable()
    var training = try ClassifierTraining(
      from: Cache(path: cache), settings, engine: Engine(threads: threads.threads))
    announce(training, messages)
    var line = ProgressLine(messages, showingFirst: true)
    defer { line.close() }
    let classifier = try training.run(isInterrupted: { interruption.isRequested }) {
      line.show(EpochReport(progress: $0))
      if $0.validation != nil { line.close() }
    }
    line.close()
    try classifier.write(to: output)
    let report = ClassifierReport(classifier)
    messages.announce("\(output): \(report.summary)")
    if results.json {
      try Console.json(Written(output: output, report: report))
    }
    if classifier.report.outcome == .interrupted { throw ExitCode(interruption.status.rawValue) }
  }

  private var settings: Settings {
    var settings = Settings()
    (settings.channels, settings.learningRate) = (channels, learningRate)
    (settings.batchSize, settings.dropout) = (batchSize, dropout)
    (settings.epochs, settings.patience, settings.seed) = (epochs, patience, seed)
    return settings
  }

  /// Before hours of work, not after: what is there must be a file, and its folder must be.
  private func refuseUnwritable() throws {
    _ = try AtomicFile(path: output)
  }

  private func announce(_ training: ClassifierTraining, _ messages: Messages) {
    let split = training.split
    messages.announce(
      """
      Training a classifier with \(channels) channels from \(cache): \
      \(split.training.slices.count) slices to learn from, \(split.validation.slices.count) to stop \
      by and \(split.test.slices.count) to test with, divided by \(split.unit.rawValue)\
      \(split.unlabelledCount > 0 ? "; \(split.unlabelledCount) without a label are left out" : "").
      """)
  }

  private struct Written: Encodable {
    let output: String
    let report: ClassifierReport

    func encode(to encoder: any Encoder) throws {
      try report.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(output, forKey: .output)
    }

    private enum CodingKeys: String, CodingKey { case output }
  }
}
