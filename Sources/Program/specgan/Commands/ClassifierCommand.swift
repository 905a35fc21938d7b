import ArgumentParser
import SpecGANClassification
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANTensors

struct ClassifierCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classifier",
    abstract: "Train the classifier that evaluate uses.",
    discussion: "Example: specgan classifier train cache --output sounds.classifier",
    subcommands: [ClassifierTrain.self])
}

struct ClassifierTrain: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a classifier of a cache's labels.",
    discussion: """
      The paper's network on log-mel spectrograms. The labels are the folders of the audio. A tenth \
      of the files is kept for validation and a tenth for the test; if all files are named \
      <speaker>_nohash_<number>, a tenth of the speakers instead. Training stops at Ctrl-C, or when \
      the validation loss has not fallen for --patience epochs, and writes the weights of the best \
      epoch with their test accuracy. The same seed gives the same file.

      Example: specgan classifier train cache --output digits.classifier --channels 32
      """)

  private typealias Settings = ClassifierTraining.Settings

  @Argument(help: "A cache with labels.")
  var cache: String

  @Option(help: "The file to write.")
  var output: String

  @Option(
    help: """
      Log-mel spectrograms of the input. audible: a difference counts only if it can be heard. \
      published: those of the paper, which also measure digital silence.
      """)
  var features = Settings().features

  @Option(help: "Channels of each convolution; the paper has 128.")
  var channels = Settings().channels

  @Option(help: "Learning rate of Adam.")
  var learningRate = Settings().learningRate

  @Option(
    help: """
      Largest batch size. A small cache uses an eighth of its training part, at least 4.
      """)
  var batchSize = Settings().batchSize

  @Option(
    help: ArgumentHelp(
      "Dropout rate of the last features.", valueName: "rate"))
  var dropout = Settings().dropout

  @Option(help: "Largest number of epochs.")
  var epochs = Settings().epochs

  @Option(help: "Stop after this many epochs without a lower validation loss.")
  var patience = Settings().patience

  @Option(help: "Random seed of the split, the initial weights and the order.")
  var seed = Settings().seed

  @OptionGroup var replacement: ReplaceFileOptions
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
      from: Cache(verifying: cache), settings, engine: Engine(threads: threads.threads))
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
    settings.features = features
    (settings.channels, settings.learningRate) = (channels, learningRate)
    (settings.batchSize, settings.dropout) = (batchSize, dropout)
    (settings.epochs, settings.patience, settings.seed) = (epochs, patience, seed)
    return settings
  }

  /// Refuses, before hours of work, an output that is not a file or has no folder.
  private func refuseUnwritable() throws {
    try OutputFolder.check(file: output, replacing: replacement.replace)
    try RunFolder.checkIsNoPart(output)
    try AtomicFile.check(output)
  }

  private func announce(_ training: ClassifierTraining, _ messages: Messages) {
    let split = training.split
    messages.announce(
      """
      Training a classifier with \(channels) channels from \(cache): \
      \(split.training.slices.count) training slices, \(split.validation.slices.count) for \
      validation, \(split.test.slices.count) for the test, split by \(split.unit.rawValue)\
      \(split.unlabeledCount > 0 ? "; \(split.unlabeledCount) without a label are not used" : "").
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
