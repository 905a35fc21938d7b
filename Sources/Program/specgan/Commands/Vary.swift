import ArgumentParser
internal import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors

struct Vary: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Generate relatives of clips.",
    discussion: """
      For each CLIP writes the clip itself and then its relatives: --count at each distance, the \
      nearest first. At distance 0.1 a relative is hard to distinguish from its original, at 1 they \
      are unrelated. Small distances give round robins, repeated hits of one drum. Also writes \
      latents.safetensors, which generate --latents accepts.

      Example: specgan vary run 3 8 --output relatives --distances 0.1,0.3
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Argument(help: "Indices of clips, under --seed or among those of --latents.")
  var clips: [Int]

  @Option(help: "The folder to write to.")
  var output: String

  @Option(
    help: ArgumentHelp(
      "Distances from the original, from 0 to 1.", valueName: "d,d,…"))
  var distances = "0.1,0.2,0.4"

  @Option(help: "Number of relatives at each distance.")
  var count = 2

  @Option(
    help: """
      Random seed of latents, noise inputs and phases. (default: 0, or the seed in the file of \
      --latents)
      """)
  var seed: UInt64?

  @OptionGroup var source: LatentOptions
  @OptionGroup var label: LabelOptions
  @OptionGroup var turn: TurnOptions
  @OptionGroup var sounds: SoundOptions
  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  private var parsedDistances: [Double] {
    get throws {
      try distances.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let distance = Double(word), (0...1).contains(distance) else {
          throw ValidationError(
            "--distances is \(distances); use numbers from 0 to 1, such as 0.1,0.3.")
        }
        return distance
      }.sorted()
    }
  }

  func validate() throws {
    guard (1...1_000).contains(count) else {
      throw ValidationError("--count is \(count); use a whole number from 1 to 1000.")
    }
    guard !clips.isEmpty else { throw ValidationError("Name at least one clip by its index.") }
    for clip in clips where !(0..<1_000_000).contains(clip) {
      throw ValidationError("A clip is \(clip); use whole numbers from 0 to 999999.")
    }
    _ = try parsedDistances
  }

  func run() throws {
    try OutputFolder.check(output, replacing: sounds.replacement.replace)
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint)
    let engine = Engine(threads: threads.threads)
    let generator = SampleGenerator(checkpoint, engine: engine)
    var originals = try originals(checkpoint)
    if let label = try label.mix(in: checkpoint, path) { originals = originals.labeled(label) }
    originals = try turn.turned(originals, by: generator, at: path, engine, for: self)
    try checkOrigin(of: source.latents, path, checkpoint, writing: output, progress.messages)
    let distances = try parsedDistances
    let choice = originals.withRelatives(atDistances: distances, count: count)
    var output = sounds.output(to: output, of: path, for: "vary", seed: choice.seed)
    output.inputs += source.latents
    try SpecGANError.refuse(writing: output.latentsPath, over: [path] + source.latents)
    let maker = SoundMaker(
      generator,
      inversion: try inversion.applied(
        to: choice.inversion ?? checkpoint.configuration.inversion), engine: engine)
    let writer = try make(choice, by: maker, of: path, to: output)
    var report = SoundReport(path, checkpoint, writer, choice)
    var each = [0.0]
    for distance in distances { each += [Double](repeating: distance, count: count) }
    report.distances = clips.reduce(into: []) { all, _ in all += each }
    progress.messages.announce(report.sentence)
    if results.json { try Console.json(report) }
  }

  /// Returns the clips to vary.
  private func originals(_ checkpoint: Checkpoint) throws -> ChosenLatents {
    guard let all = try source.latents(for: checkpoint, seed: seed) else {
      return ChosenLatents(drawnFor: checkpoint.gan, numbers: clips, seed: seed ?? 0)
    }
    return all.selecting(
      try clips.map { clip in
        guard let place = all.place(ofFile: clip) else {
          throw SpecGANError.noSuchClip(
            clip, path: source.latents.joined(separator: ", "), known: all.fileNumbersText)
        }
        return place
      })
  }
}
