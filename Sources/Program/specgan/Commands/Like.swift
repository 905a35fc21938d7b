import ArgumentParser
import RealModule
internal import SpecGANErrors
import SpecGANExploration
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors

struct Like: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find the clips of a generator that are closest to a given one.",
    discussion: """
      Searches for latents whose clips are closest to FILE. Improves the best of many random latents \
      along the gradient of the distance between log-magnitudes. FILE is read as in \
      training: resampled, and its first slice. Writes 00000.wav and so on, the closest first, and \
      latents.safetensors, which vary, interpolate and generate accept. Prints the log-spectral \
      distance of each, over the frames that are not silent in both clips.

      Example: specgan like run kick.wav --output like-kick
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Argument(help: "An audio file.")
  var file: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(help: "Number of clips, from 1 to 16.")
  var count = 4

  @Option(help: "Number of gradient steps.")
  var steps = LatentSearch.Settings().steps

  @Option(help: "Number of random latents.")
  var candidates = LatentSearch.Settings().candidates

  @Option(help: "Random seed of the random latents and of phases.")
  var seed: UInt64 = 0

  @OptionGroup var label: LabelOptions
  @OptionGroup var sounds: SoundOptions
  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    for (name, value, allowed) in [
      ("count", count, 1...LatentSearch.Settings().starts), ("steps", steps, 0...100_000),
      ("candidates", candidates, LatentSearch.Settings().starts...1_000_000),
    ] where !allowed.contains(value) {
      throw ValidationError(
        "--\(name) is \(value); use a whole number from \(allowed.lowerBound) to "
          + "\(allowed.upperBound).")
    }
  }

  func run() throws {
    try OutputFolder.check(output, replacing: sounds.replacement.replace)
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint)
    let engine = Engine(threads: threads.threads)
    let target = try SearchTarget(file, for: checkpoint, on: engine.workers)
    progress.messages.warn(remarks: target.remarks, on: file)
    var settings = LatentSearch.Settings()
    (settings.candidates, settings.steps) = (candidates, steps)
    settings.finalists = max(settings.finalists, count)
    let search = LatentSearch(checkpoint, target.distance, settings, engine: engine)
    let labels = try label.mix(in: checkpoint, path).map { [$0] } ?? checkpoint.gan.allLabels
    let found = searching { search.nearest(labels: labels, seed: seed, progress: $0) }
    let choice = ChosenLatents(found: Array(found.prefix(count)), seed: seed)
    let generator = SampleGenerator(checkpoint, engine: engine)
    let distances = try target.distances(of: choice, by: generator, at: path, engine)
    var output = sounds.output(to: output, of: path, for: "like", seed: seed)
    output.inputs.append(file)
    try SpecGANError.refuse(writing: output.latentsPath, over: [path, file])
    let maker = SoundMaker(
      generator, inversion: try inversion.applied(to: checkpoint.configuration.inversion),
      engine: engine)
    let writer = try make(choice, by: maker, of: path, to: output)
    var report = SoundReport(path, checkpoint, writer, choice)
    report.log_spectral_distances_db = distances
    progress.messages.announce(report.sentence)
    if let closest = distances.first {
      progress.messages.announce(
        "The closest clip has a log-spectral distance of \(closest.rounded(to: 1)) dB from "
          + "\(file).")
    }
    if results.json { try Console.json(report) }
  }

  private func searching<Value>(_ body: ((Double) -> Void) -> Value) -> Value {
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    return body { part in
      line.show(DoneReport(task: "searching", done: Int(100 * part), total: 100))
    }
  }
}
