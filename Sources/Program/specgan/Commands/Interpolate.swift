internal import ArgumentParser
internal import SpecGANErrors
import SpecGANFiles
import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
public import SpecGANSynthesis
import SpecGANTensors

extension LatentPath: ExpressibleByArgument {}

struct Interpolate: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Interpolate between two clips in latent space.",
    discussion: """
      Writes 00000.wav and so on, from the first clip to the last; interpolation.wav with all of \
      them, separated by silence; and latents.safetensors, which generate --latents accepts.

      A linear path may pass closer to the origin than any latent of training. A spherical path \
      changes direction and norm evenly (Shoemake 1985). For equal directions it is the straight \
      line; for opposite ones it turns towards the axis on which the first latent is smallest.

      In a conditional run (network.conditional) the labels change evenly, too, from that of the \
      first clip to that of the last; with --label all clips have that one.

      Example: specgan interpolate run --output morph --from 3 --to 8 --count 9
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "The folder to write to.")
  var output: String

  @Option(help: "Index of the first clip, under --seed or in --latents.")
  var from = 0

  @Option(help: "Index of the last clip.")
  var to = 1

  @Option(help: "Number of clips, including the first and the last.")
  var count = 9

  @Option(help: "The path through the latents.")
  var interpolation = LatentPath.linear

  @Option(
    help: ArgumentHelp(
      """
      Change only these layers of a style-based generator, such as 0-2. The other layers, and the \
      label, stay as in the first clip. Layer 0 is the coarsest. (default: all)
      """, valueName: "range"))
  var layers: StyleLayers?

  @Option(
    help: """
      Random seed of latents, noise inputs and phases. (default: 0, or the seed in the file of \
      --latents)
      """)
  var seed: UInt64?

  @Option(
    help: """
      Safetensors file with a tensor z, [n, latent], of whose clips --from and --to are the \
      numbers; or a WAV file of kit, which has one clip.
      """)
  var latents: String?

  @Option(help: "Another such file, with the clip --to.")
  var toLatents: String?

  @OptionGroup var label: LabelOptions
  @OptionGroup var turn: TurnOptions
  @OptionGroup var sounds: SoundOptions
  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    guard (2...1_000).contains(count) else {
      throw ValidationError("--count is \(count); use a whole number from 2 to 1000.")
    }
    guard toLatents == nil || latents != nil else {
      throw ValidationError("--to-latents needs --latents, with the clip --from.")
    }
    for (name, number) in [("from", from), ("to", to)] where !(0..<1_000_000).contains(number) {
      throw ValidationError("--\(name) is \(number); use a whole number from 0 to 999999.")
    }
  }

  func run() throws {
    try OutputFolder.check(output, replacing: sounds.replacement.replace)
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint)
    let label = try label.mix(in: checkpoint, path)
    let layers = try layers?.checked(for: checkpoint, path)
    var choice = try choice(checkpoint, layers)
    if let label { choice = choice.labeled(label) }
    let engine = Engine(threads: threads.threads)
    let generator = SampleGenerator(checkpoint, engine: engine)
    choice = try turn.turned(choice, by: generator, at: path, engine, for: self)
    try checkOrigin(
      of: [latents, toLatents].compactMap(\.self), path, checkpoint, writing: output,
      progress.messages)
    var output = sounds.output(to: output, of: path, for: "interpolate", seed: choice.seed)
    output.sharesGain = true
    output.joinedStem = "interpolation"
    output.inputs += [latents, toLatents].compactMap(\.self)
    try SpecGANError.refuse(writing: output.latentsPath, over: [path, latents, toLatents])
    let maker = SoundMaker(
      generator,
      inversion: try inversion.applied(to: checkpoint.configuration.inversion), engine: engine)
    let writer = try make(choice, by: maker, of: path, to: output)
    var report = SoundReport(path, checkpoint, writer, choice, sharesGain: true)
    report.interpolation = interpolation.rawValue
    progress.messages.announce(report.sentence)
    if results.json { try Console.json(report) }
  }

  /// Returns the clips of the path, on which the styles of `layers` change, or all for nil.
  private func choice(
    _ checkpoint: Checkpoint, _ layers: ClosedRange<Int>?
  ) throws -> ChosenLatents {
    var ends = try ends(checkpoint)
    if let layers {
      let (first, last) = (ends.selecting([0]), ends.selecting([1]))
      let mixed = first.mixed(with: last, layers: layers, of: checkpoint.gan)
      let unmixed = first.mixed(with: first, layers: layers, of: checkpoint.gan)
      ends = unmixed.joined(0, with: mixed, 0)
    }
    return ends.interpolated(from: 0, to: 1, count: count, along: interpolation)
  }

  /// Returns the first and the last clip.
  private func ends(_ checkpoint: Checkpoint) throws -> ChosenLatents {
    guard let latents else {
      return ChosenLatents(drawnFor: checkpoint.gan, numbers: [from, to], seed: seed ?? 0)
    }
    func read(_ file: String) throws -> ChosenLatents {
      try ChosenLatents(file: file, for: checkpoint.gan, labels: checkpoint.labels, seed: seed)
    }
    let first = try read(latents)
    let last = try toLatents.map(read)
    func place(_ clip: Int, _ option: String, in file: String, _ all: ChosenLatents) throws -> Int {
      guard let place = all.place(ofFile: clip) else {
        throw SpecGANError.noSuchRow(
          option: option, row: clip, path: file, known: all.fileNumbersText)
      }
      return place
    }
    let start = try place(from, "from", in: latents, first)
    let end = try place(to, "to", in: toLatents ?? latents, last ?? first)
    return first.joined(start, with: last ?? first, end)
  }
}
