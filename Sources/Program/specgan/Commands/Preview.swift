import ArgumentParser
internal import Safetensors
import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANRuns
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
internal import SpecGANTraining

struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make of any checkpoint what training's previews show.",
    discussion: """
      Writes 00.wav and so on with their pictures, of the same latents as all previews of the \
      run: of a step's checkpoint, the bytes that training wrote after that step. Beside them, \
      overview.png shows them all, below real sounds where there is a cache; preview.wav has all \
      one after the other, with silence between; and latents.safetensors is what generate \
      --latents makes them of. With a cache their distance from real sounds is told.

      Example: specgan preview run/checkpoints/step-00000500.safetensors --output step-500
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(help: "How many sounds. (default: the run's monitoring.preview_count, or 8 if that is 0)")
  var count: Int?

  @Option(
    help: "Where real sounds are from. (default: the cache that the run was trained from, if there)"
  )
  var cache: String?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if let count, !(1...64).contains(count) {
      throw ValidationError("--count is \(count); use a whole number from 1 to 64.")
    }
  }

  func run() throws {
    let messages = Messages()
    let (path, checkpoint) = try messages.checkpoint(for: checkpoint)
    let configuration = checkpoint.configuration
    let latentsPath = SoundMaker.Output(folder: output).latentsPath
    try SpecGANError.refuse(writing: latentsPath, over: [path])
    let (cache, warning) = try checkpoint.comparison(cachePath: cache)
    if let warning { messages.warn(warning + " Name one with --cache.") }
    let own = configuration.monitoring.previewCount
    let maker = try PreviewMaker(
      count: count ?? (own > 0 ? own : 8), comparedWith: cache,
      engine: Engine(threads: threads.threads))
    guard let preview = try SpecGANError.naming(path, { try maker.preview(of: checkpoint) })
    else { throw SpecGANError.generatesNoNumbers(path: path) }
    let silence = try SampleCodec(checkpoint).silenceBetweenClips
    let writer = try preview.write(to: output, joinedBy: silence)
    try maker.latents(for: checkpoint.gan, seed: configuration.training.seed)
      .contents.write(to: latentsPath)
    try report(preview, writer, path)
  }

  private func report(
    _ preview: SpecGANSessions.Preview, _ writer: SoundWriter, _ path: String
  ) throws {
    let distance = preview.distance.map {
      " Their distance from real sounds is \(Double($0).rounded(to: 2)) dB."
    }
    Console.message("\(writer.summary) From \(path), step \(preview.step).\(distance ?? "")")
    guard results.json else { return }
    try Console.json(
      Report(
        checkpoint: path, step: preview.step, output: output, count: writer.soundCount,
        real: preview.realClips.count, clipped_samples: writer.clippedSamples,
        spectral_distance: preview.distance))
  }

  private struct Report: Encodable {
    let checkpoint: String
    let step: Int
    let output: String
    let count: Int
    /// Real sounds that they are shown beside.
    let real: Int
    let clipped_samples: Int
    /// See ``Training/Preview/distance``; not there without real sounds.
    let spectral_distance: Float?
  }
}
