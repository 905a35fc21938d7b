import ArgumentParser
import Files
import Models
import Tensors
import Training
import Waveforms

struct Generate: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make new sounds with a trained generator.",
    discussion: """
      Writes 00000.wav and so on, and latents.safetensors, from which the same sounds can be \
      made again with --latents. Sound i depends on the seed and i alone.

      Example: specgan generate run --output new-sounds --count 16 --pictures
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(help: "How many sounds. (default: 16)")
  var count: Int?

  @Option(
    help:
      "What the latents and random phases depend on. (default: 0, or the latents')")
  var seed: UInt64?

  @Option(help: "A safetensors file with a tensor z, [n, latent], in place of drawn latents.")
  var latents: String?

  @Option(help: "Keep only so many: the best by the critic's score, the best first.")
  var keep: Int?

  @Option(help: "Also write the network's own output to this file, as a tensor samples.")
  var raw: String?

  @Option(help: "How samples are stored.")
  var format = SampleFormat.pcm16

  @Flag(help: "Write a picture of each spectrogram: what the network gave, and what the sound has.")
  var pictures = false

  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if let count, !(1...1_000_000).contains(count) {
      throw ValidationError("--count is \(count); use a whole number from 1 to 1000000.")
    }
    if latents != nil, count != nil {
      throw ValidationError("--count goes with drawn latents, not with --latents; leave one out.")
    }
    if let keep, keep < 1 { throw ValidationError("--keep is \(keep); use 1 or more.") }
  }

  func run() throws {
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint)
    let engine = Engine(threads: threads.threads)
    let generator = SampleGenerator(checkpoint, engine: engine)
    let choice = try choice(generator, engine)
    let renderer = try SoundRenderer(
      checkpoint, inversion: try inversion.applied(to: checkpoint.configuration.inversion),
      seed: choice.seed)
    var writer = try SoundWriter(folder: output, format: format, withPictures: pictures)
    try prepareTensors(choice, path)
    var raw: [Float] = []
    var line = ProgressLine(progress.messages)
    for batch in choice.batches(of: SampleGenerator.batchSize) {
      let samples = generator.samples(batch.latents)
      if self.raw != nil { raw += samples.values }
      let sounds = try CommandError.naming(path) {
        try renderer.sounds(of: samples, numbers: batch.numbers, on: engine.workers)
      }
      for (place, sound) in sounds.enumerated() {
        try writer.write(
          sound.waveform, wanted: sound.wanted, checkpoint.configuration.spectrogram,
          stem: fileNumber(batch.first + place))
      }
      line.show(
        DoneReport(
          task: "generating", done: writer.soundCount, total: choice.numbers.count))
    }
    line.close()
    try writer.finish()
    try writeRaw(raw, shape: [choice.numbers.count] + checkpoint.gan.sampleShape)
    try report(writer, checkpoint, path, choice)
  }

  private func choice(_ generator: SampleGenerator, _ engine: Engine) throws -> ChosenLatents {
    let all =
      try latents.map { try ChosenLatents(file: $0, generator.checkpoint, seed: seed) }
      ?? ChosenLatents(drawnBy: generator, count: count ?? 16, seed: seed ?? 0)
    guard let keep else { return all }
    guard keep <= all.numbers.count else {
      throw CommandError.keepsMoreThanMade(keep: keep, count: all.numbers.count)
    }
    return all.best(keep, by: generator, CriticScorer(generator.checkpoint, engine: engine))
  }

  /// Writes the latents before the sounds, so that whatever is there can be made again, and makes
  /// sure that the raw output will have a place.
  private func prepareTensors(_ choice: ChosenLatents, _ checkpointPath: String) throws {
    let latentsPath = output + "/latents.safetensors"
    if let raw {
      for path in [checkpointPath, latents, latentsPath].compactMap(\.self)
      where path == raw || Folder.areSame(path, raw) {
        throw CommandError.overwritesInput(path: raw)
      }
      _ = try AtomicFile(path: raw)
    }
    try choice.contents.write(to: latentsPath)
  }

  private func writeRaw(_ values: [Float], shape: [Int]) throws {
    guard let raw else { return }
    var samples = SafetensorsContents()
    samples.append("samples", shape: shape, values)
    try samples.write(to: raw)
  }

  private func report(
    _ writer: SoundWriter, _ checkpoint: Checkpoint, _ path: String, _ choice: ChosenLatents
  ) throws {
    progress.messages.announce("\(writer.summary) From \(path), step \(checkpoint.step).")
    guard results.json else { return }
    try Console.json(
      Report(
        checkpoint: path, step: checkpoint.step, output: output, count: writer.soundCount,
        clipped_samples: writer.clippedSamples, numbers: choice.numbers,
        scores: choice.scores?.map(\.finite)))
  }

  private struct Report: Encodable {
    let checkpoint: String
    let step: Int
    let output: String
    let count, clipped_samples: Int
    let numbers: [Int]
    let scores: [Float?]?
  }
}
