import ArgumentParser
internal import Safetensors
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANFiles
internal import SpecGANRuns
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
internal import SpecGANTraining

struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate the preview of any checkpoint.",
    discussion: """
      Writes 00.wav and so on with pictures, from the same latents as all previews of the run. For \
      a checkpoint of training, and without --level, they are the bytes that training wrote. \
      overview.png shows all of \
      them, below real clips if a cache exists. preview.wav has all of them, separated by silence. \
      latents.safetensors is for generate --latents. With a cache the distance from real clips is \
      printed.

      Example: specgan preview run/checkpoints/step-00000500.safetensors --output step-500
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(
    help: "Number of clips. (default: monitoring.preview_count of the run, or 8 if that is 0)")
  var count: Int?

  @Option(
    help: "Cache with real clips. (default: the cache of the run, if it exists)"
  )
  var cache: String?

  @OptionGroup var level: LevelOption
  @OptionGroup var replacement: ReplaceOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if let count, !(1...64).contains(count) {
      throw ValidationError("--count is \(count); use a whole number from 1 to 64.")
    }
  }

  func run() throws {
    let messages = Messages()
    try OutputFolder.check(output, replacing: replacement.replace)
    let (path, checkpoint) = try messages.checkpoint(for: checkpoint)
    let configuration = checkpoint.configuration
    let latentsPath = SoundMaker.Output(folder: output).latentsPath
    try SpecGANError.refuse(writing: latentsPath, over: [path])
    let (cache, warning) = try checkpoint.comparison(
      cachePath: cache, of: try RunFolder(holdingCheckpoint: path))
    if let warning { messages.warn(warning + " Give one with --cache.") }
    let own = configuration.monitoring.previewCount
    let maker = try PreviewMaker(
      count: count ?? (own > 0 ? own : 8), comparedWith: cache, level: level.level,
      engine: Engine(threads: threads.threads))
    guard let preview = try SpecGANError.naming(path, { try maker.preview(of: checkpoint) })
    else { throw SpecGANError.generatesNoNumbers(path: path) }
    let silence = try SampleCodec(checkpoint).silenceBetweenClips
    var folder = try OutputFolder(
      output, for: preview.fileNames(isJoined: true) + [Folder.name(of: latentsPath)],
      by: "preview", replacing: replacement.replace)
    try folder.begin()
    try RunFolder(holdingCheckpoint: path)?.keep(checkpoint.step, for: output)
    let writer = try preview.write(to: output, joinedBy: silence, level: level.level)
    try maker.latents(for: checkpoint.gan, seed: configuration.training.seed)
      .contents(of: path, step: checkpoint.step).write(to: latentsPath)
    try folder.finish()
    try report(preview, writer, path)
  }

  private func report(
    _ preview: SpecGANSessions.Preview, _ writer: SoundWriter, _ path: String
  ) throws {
    let distance = preview.distance.map {
      " Distance from real clips: \(Double($0).rounded(to: 2)) dB."
    }
    Console.message(
      "\(writer.summary)\(LevelReport(writer).sentence) From \(path), step \(preview.step).\(distance ?? "")"
    )
    guard results.json else { return }
    try Console.json(
      Report(
        checkpoint: path, step: preview.step, output: output, count: writer.soundCount,
        real: preview.realClips.count, clipped_samples: writer.clippedSamples,
        gains_db: LevelReport(writer).gains,
        spectral_distance: preview.distance))
  }

  private struct Report: Encodable {
    let checkpoint: String
    let step: Int
    let output: String
    let count: Int
    /// The number of real clips that are shown.
    let real: Int
    let clipped_samples: Int
    /// The gain of each clip in dB, 0 if it did not change.
    let gains_db: [Double]
    /// See ``SpecGANSessions/Preview/distance``; missing without real clips.
    let spectral_distance: Float?
  }
}
