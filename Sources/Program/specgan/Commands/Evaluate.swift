import ArgumentParser
import Scores
import SpecGANClassification
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANEvaluation
import SpecGANFiles
import SpecGANTensors
import Spectra

struct Evaluate: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score generated audio against real audio.",
    discussion: """
      Each of SAMPLES is a run, a checkpoint, a folder of audio, an audio file or a cache, and is a \
      column of the table, beside real and held-out clips. A run generates the clips that generate \
      --level as-is would write; run@METHOD uses another method of invert. --output also writes a \
      page with players.

      Example: specgan evaluate run run@reference --real cache --classifier digits.safetensors
      """)

  private static let defaults = EvaluationRequest(samples: [], real: "")

  @Argument(help: "Runs, checkpoints, caches, folders of audio, or audio files.")
  var samples: [String]

  @Option(
    help: ArgumentHelp(
      "Real clips: a cache, or a folder of audio.", valueName: "cache-or-folder"))
  var real: String

  @Option(
    help: ArgumentHelp(
      "Real clips that no run was trained on. (default: a tenth of --real, by speaker or file)",
      valueName: "cache-or-folder"))
  var heldOut: String?

  @Option(
    help: ArgumentHelp(
      "Classifier from classifier train. Without it, scores of classes are missing.",
      valueName: "file"))
  var classifier: String?

  @Option(
    help: """
      Log-mel spectrograms for features and distances. audible: a difference counts only if it can \
      be heard. published: those of the paper, which also measure digital silence. (default: those \
      of the classifier, or audible)
      """)
  var features: FeatureSet?

  @Option(
    help: """
      Largest number of clips per set. The paper uses 50,000 and the reference 5,000 during \
      training, both in 10 splits.
      """)
  var count = Self.defaults.count

  @Option(help: "Number of parts over which the inception score is averaged.")
  var splits = Self.defaults.splits

  @Option(
    help: ArgumentHelp(
      "Inversion method of all runs without @METHOD. (default: that of each run)",
      valueName: "method"))
  var inversion: InversionMethod?

  @Option(help: "The folder to write scores.json and scores.html to.")
  var output: String?

  @Option(help: "Random seed of generated clips and of the selection of real ones.")
  var seed: UInt64 = 0

  @OptionGroup var replacement: ReplaceOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    try checkOptions(request.check)
    if output == "" { throw ValidationError("--output is empty; give the path of a folder.") }
  }

  func run() throws {
    var folder = try output.map {
      try OutputFolder(
        $0, for: EvaluationReport.fileNames, by: "evaluate", replacing: replacement.replace)
    }
    let report = try report()
    for remark in report.remarks { progress.messages.announce(remark) }
    // A full disk does not lose the table, and a closed output does not lose the files.
    let printed = Result { try show(report) }
    if let output {
      try folder?.begin()
      try report.write(to: output)
      try folder?.finish()
      let files = EvaluationReport.files
      progress.messages.announce(
        "Wrote \(output)/\(files.scores) and \(output)/\(files.page); open the latter in a browser."
      )
    }
    try printed.get()
  }

  private func show(_ report: EvaluationReport) throws {
    if results.json {
      try Console.json(report)
    } else {
      try Console.table(TextTable(header: report.header, rows: report.rows).text)
    }
  }

  private var request: EvaluationRequest {
    var request = EvaluationRequest(samples: samples, real: real)
    (request.heldOut, request.classifier) = (heldOut, classifier)
    (request.count, request.splits, request.seed) = (count, splits, seed)
    (request.features, request.inversion) = (features, inversion)
    return request
  }

  private func report() throws -> EvaluationReport {
    let messages = progress.messages
    let interruption = Interruption(messages)
    var line = ProgressLine(messages)
    defer { line.close() }
    let engine = Engine(threads: threads.threads)
    var pace = TaskPace()
    let watch = EvaluationWatch(
      progress: {
        let left = pace.secondsLeft(of: $0.task, $0.done, of: $0.total)
        line.show(DoneReport(task: $0.task, done: $0.done, total: $0.total, secondsLeft: left))
      },
      isInterrupted: { interruption.isRequested })
    do {
      let inputs = try EvaluationInputs(request, engine: engine, watch: watch)
      line.close()
      for warning in inputs.warnings { messages.warn(warning) }
      messages.warn(
        skipped: inputs.skipped, in: samples + [real] + (heldOut.map { [$0] } ?? []))
      for file in inputs.fileRemarks {
        messages.warn(remarks: [file.remark], on: file.path)
      }
      // Before the work, not after.
      if let output { try EvaluationReport.prepare(output) }
      messages.announce("Scoring \(inputs.clipCount.grouped) clips in \(inputs.setCount) sets.")
      return try EvaluationReport(of: inputs, engine: engine, watch: watch)
    } catch {
      guard error.kind == .interrupted else { throw error }
      throw ExitCode(interruption.status.rawValue)
    }
  }
}
