import ArgumentParser
import Scores
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANEvaluation
import SpecGANTensors
import Spectra

struct Evaluate: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Score generated sounds against real ones.",
    discussion: """
      Each of SAMPLES is a run, a checkpoint, a folder of sounds, a sound or a cache, and gets a column of \
      the table beside the real sounds and held-out ones. A run makes the sounds that generate \
      writes; run@METHOD inverts its spectrograms by another method of invert, so that run and \
      run@reference stand side by side. With --output there is a page with the sounds, too.

      Example: specgan evaluate run run@reference --real cache --classifier digits.safetensors
      """)

  private static let defaults = EvaluationRequest(samples: [], real: "")

  @Argument(help: "Runs, checkpoints, folders of sounds, sounds, caches.")
  var samples: [String]

  @Option(
    help: ArgumentHelp(
      "The real sounds: a cache, or a folder of sounds.", valueName: "cache-or-folder"))
  var real: String

  @Option(
    help: ArgumentHelp(
      "Real sounds that nothing was trained on. (default: a tenth of --real, by speaker or file)",
      valueName: "cache-or-folder"))
  var heldOut: String?

  @Option(
    help: ArgumentHelp(
      "What classifier train wrote. Without it there are no scores of classes.", valueName: "file"))
  var classifier: String?

  @Option(
    help: """
      Sounds of each set, at most. The paper takes 50000, the published code 5000 while it trains, \
      both in 10 splits.
      """)
  var count = Self.defaults.count

  @Option(help: "Parts of the sounds that the inception score is the mean of.")
  var splits = Self.defaults.splits

  @Option(
    help: ArgumentHelp(
      "How spectrograms become sounds, of all runs that name no method. (default: each run's own)",
      valueName: "method"))
  var inversion: InversionMethod?

  @Option(help: "The folder to write scores.json and scores.html to.")
  var output: String?

  @Option(help: "Which sounds are generated, and which of many are taken.")
  var seed: UInt64 = 0

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    try checkOptions(request.check)
    if output == "" { throw ValidationError("--output is empty; give the path of a folder.") }
  }

  func run() throws {
    let report = try report()
    for remark in report.remarks { progress.messages.announce(remark) }
    // A full disk does not cost what is printed, nor a reader that leaves the files.
    let printed = Result { try show(report) }
    if let output {
      try report.write(to: output)
      let files = EvaluationReport.files
      progress.messages.announce(
        "\(output): \(files.scores), and \(files.page) to open in a browser.")
    }
    try printed.get()
  }

  private func show(_ report: EvaluationReport) throws {
    if results.json {
      try Console.json(report)
    } else {
      try Console.result(TextTable(header: report.header, rows: report.rows).text)
    }
  }

  private var request: EvaluationRequest {
    var request = EvaluationRequest(samples: samples, real: real)
    (request.heldOut, request.classifier) = (heldOut, classifier)
    (request.count, request.splits, request.seed) = (count, splits, seed)
    request.inversion = inversion
    return request
  }

  private func report() throws -> EvaluationReport {
    let messages = progress.messages
    let interruption = Interruption(messages)
    var line = ProgressLine(messages)
    defer { line.close() }
    let engine = Engine(threads: threads.threads)
    let watch = EvaluationWatch(
      progress: { line.show(DoneReport(task: $0.task, done: $0.done, total: $0.total)) },
      isInterrupted: { interruption.isRequested })
    do {
      let inputs = try EvaluationInputs(request, engine: engine, watch: watch)
      line.close()
      for warning in inputs.warnings { messages.warn(warning) }
      for skipped in inputs.skipped {
        messages.warn("skipped \(skipped.path): \(skipped.reason)", word: "")
      }
      // Before the work, not after.
      if let output { try EvaluationReport.prepare(output) }
      return try EvaluationReport(of: inputs, engine: engine, watch: watch)
    } catch {
      guard error.kind == .interrupted else { throw error }
      throw ExitCode(interruption.status.rawValue)
    }
  }
}
