import ArgumentParser
internal import Foundation
internal import SpecGANErrors
import SpecGANFiles
import SpecGANKits
import SpecGANModels
import SpecGANReports
internal import SpecGANRuns
internal import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import Waveforms

struct MakeKit: LongCommand {
  static let configuration = CommandConfiguration(
    commandName: "kit",
    abstract: "Generate a drum kit for samplers and DAWs.",
    discussion: """
      Writes clips in a folder per label, such as Kick/kick 01.wav; an SFZ instrument; a drumkit for \
      Hydrogen (.h2drumkit); latents.safetensors; and card.md, which names the training data \
      and their licenses. A key is that of General MIDI if the label is a known drum, such as kick or \
      hat_open; other labels have the keys from 60 up. The clips of a label play in turn, at equal \
      loudness. If the loudest clip has a peak above -1 dBFS, all are turned down as much as it; \
      with --level normalize each has a gain of its own.

      Each clip begins 1 ms before its first sample within 60 dB of its peak and ends 5 ms after its \
      last one, with fades; soft sounds after silence do not count. Silent clips are left out. A clip stores its latent and settings, so that \
      generate --latents "my-kit/Kick/kick 01.wav" generates it again. Training does not remove the \
      checkpoint while clips.jsonl in the run lists it.

      Example: specgan kit run --output my-kit --each 8 --candidates 64
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "The folder to write to; its name is that of the kit.")
  var output: String

  @Option(help: "Number of clips of each label. (default: 8)")
  var each: Int?

  @Option(
    help: """
      Number of candidates of each label, of which --each are written: a varied selection, as that \
      of generate --keep. (default: --each)
      """)
  var candidates: Int?

  @Option(help: "Labels of the kit, separated by commas. (default: all)")
  var labels: String?

  @Option(
    help: """
      Number of velocity layers: clips that are louder and brighter play at higher velocities. \
      Without layers velocity changes only the level.
      """)
  var layers = 1

  @Option(
    help: """
      Random seed of latents, noise inputs and phases. (default: 0, or the seed in the file of \
      --latents)
      """)
  var seed: UInt64?

  @OptionGroup var source: LatentOptions
  @OptionGroup var list: ListOptions

  @Flag(
    help: """
      Use the run's checkpoint with the best score in its log, the lowest spectral distance, \
      instead of the last one.
      """)
  var best = false

  @Option(help: "Sample format of the WAV files.")
  var format = SampleFormat.pcm24

  @OptionGroup var turn: TurnOptions
  @OptionGroup var levels: LevelOptions
  @OptionGroup var replacement: ReplaceOptions
  @OptionGroup var inversion: InversionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  private var selection: KitSelection {
    let each = each ?? 8
    return KitSelection(each: each, candidates: candidates ?? each)
  }

  func validate() throws {
    if source.isGiven, each != nil || candidates != nil {
      throw ValidationError(
        "--\(each == nil ? "candidates" : "each") cannot be combined with --latents; leave one out."
      )
    }
    let selection = selection
    guard (1...KitMaker.mostClips).contains(selection.each) else {
      throw ValidationError(
        "--each is \(selection.each); use a whole number from 1 to \(KitMaker.mostClips).")
    }
    guard (selection.each...100_000).contains(selection.candidates) else {
      throw ValidationError(
        "--candidates is \(selection.candidates); use a whole number from --each, "
          + "\(selection.each), to 100000.")
    }
    guard (1...Kit.mostHydrogenClips).contains(layers) else {
      throw ValidationError(
        "--layers is \(layers); use a whole number from 1 to "
          + "\(Kit.mostHydrogenClips).")
    }
    if !source.isGiven, layers > selection.each {
      throw ValidationError(
        "--layers is \(layers), but a label has \(selection.each) clips; use at most as many layers "
          + "as --each.")
    }
    try list.check(with: source, besides: nil)
  }

  func run() throws {
    try OutputFolder.check(output, replacing: replacement.replace)
    let (path, checkpoint) = try progress.messages.checkpoint(for: checkpoint, best: best)
    let engine = Engine(threads: threads.threads)
    let generator = SampleGenerator(checkpoint, engine: engine)
    let choice = try turn.turned(
      choice(generator, path, engine), by: generator, at: path, engine, for: self)
    if !source.isGiven { warnOfShortfall(choice, checkpoint) }
    try checkOrigin(of: source.latents, path, checkpoint, writing: output, progress.messages)
    var output = KitMaker.Output(folder: output, checkpointPath: path)
    (output.layers, output.replaces) = (layers, replacement.replace)
    output.clipNames = choice.names
    output.mastering.format = format
    output.card = card(of: checkpoint, path, output.folder)
    levels.apply(to: &output.mastering, seed: choice.seed)
    output.inputs = [path] + source.latents
    try SpecGANError.refuse(writing: output.latentsPath, over: [path])
    let maker = KitMaker(
      generator,
      inversion: try inversion.applied(
        to: choice.inversion ?? checkpoint.configuration.inversion), engine: engine)
    let kit = try make(choice, by: maker, to: output)
    let report = KitReport(kit, output, checkpoint, choice)
    for label in kit.silentLabels {
      progress.messages.warn("All clips of \(label) are silent; the kit is without them.")
    }
    if let failure = kit.cardFailure {
      progress.messages.warn("\(failure) All other files of the kit are written.")
    }
    progress.messages.announce(report.sentence)
    if results.json { try Console.json(report) }
  }

  /// Returns the text of the card of the kit in the folder `kit`; nil, with a warning, if the cache
  /// or the record of the run cannot be read.
  private func card(of checkpoint: Checkpoint, _ path: String, _ kit: String) -> String? {
    do {
      return try RunCard(of: checkpoint, at: path, title: RunCard.name(of: kit)).text
    } catch {
      progress.messages.warn("\(error) The kit has no card.md.")
      return nil
    }
  }

  /// Warns of labels with fewer clips than requested.
  private func warnOfShortfall(_ choice: ChosenLatents, _ checkpoint: Checkpoint) {
    let counts = Dictionary(grouping: choice.labels, by: \.dominant).mapValues(\.count)
    let each = selection.each
    let few =
      choice.labels.isEmpty
      ? (choice.count < each ? ["The kit has \(choice.count) clips"] : [])
      : counts.sorted { $0.key < $1.key }.filter { $0.value < each }
        .map { "\(checkpoint.labels[$0.key]) has \($0.value) clips" }
    for statement in few {
      progress.messages.warn(
        "\(statement) instead of \(each): all other candidates are silent or near copies. Use more "
          + "--candidates, or train longer.")
    }
  }

  private func make(
    _ choice: ChosenLatents, by maker: KitMaker, to output: KitMaker.Output
  ) throws -> KitMaker.Result {
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    return try SpecGANError.naming(output.checkpointPath) {
      try maker.write(choice, to: output) { done in
        line.show(DoneReport(task: "generating", done: done, total: choice.count))
      }
    }
  }

  /// Returns the latents of the files that are given, or the chosen ones, of the requested labels.
  private func choice(
    _ generator: SampleGenerator, _ path: String, _ engine: Engine
  ) throws -> ChosenLatents {
    let checkpoint = generator.checkpoint
    let wanted = try indices(in: checkpoint, path)
    guard let given = try source.latents(for: checkpoint, seed: seed) else {
      return try selection.clips(
        of: wanted, by: generator, at: path, seed: seed ?? 0, engine: engine)
    }
    let all = try list.selected(from: given, latents: source.latents, by: generator, at: path)
    // The files of a kit are numbered by label.
    if all.labels.isEmpty { return all.numberedInOrder }
    let places = all.labels.indices.filter { wanted.contains(all.labels[$0].dominant) }
    guard !places.isEmpty else {
      throw ValidationError("--labels is \(labels ?? ""), but --latents has no clip of them.")
    }
    return all.selecting(listed: places, names: places.map { all.names[$0] }).numberedInOrder
  }

  /// Returns the indices of the requested labels, each once; those of all without `--labels`.
  private func indices(in checkpoint: Checkpoint, _ path: String) throws -> [Int] {
    guard let labels = labels?.escapingForeignBytes else { return Array(checkpoint.labels.indices) }
    // Without the spaces around it, unless it is a label with them.
    func name(_ item: String) -> String {
      checkpoint.match(ofLabel: item).isKnown ? item : item.trimmingCharacters(in: .whitespaces)
    }
    var indices: [Int] = []
    for item in LabelMatch.items(of: labels, among: checkpoint.labels, name: name) {
      let index = try checkpoint.existingIndex(ofLabel: name(item), path, option: "labels")
      if !indices.contains(index) { indices.append(index) }
    }
    return indices
  }
}

/// The result of `kit`, for JSON.
private struct KitReport: Encodable {
  let checkpoint: String
  let step: Int
  let output, sfz, hydrogen: String
  let count, clipped_samples: Int
  /// The clips of each label, by rising key.
  let voices: [Voice]
  /// The numbers of the silent clips that were left out.
  let silent: [Int]
  /// The labels that have only silent clips.
  let silent_labels: [String]

  private let summary: String

  struct Voice: Encodable {
    let label: String
    let key: Int
    let clips: [Clip]
  }

  struct Clip: Encodable {
    let file: String
    let number: Int
    /// The gain of the file, and the gain at which it is played.
    let gain_db, play_gain_db: Double
    let lowest_velocity, highest_velocity: Int
  }

  init(
    _ result: KitMaker.Result, _ output: KitMaker.Output, _ checkpoint: Checkpoint,
    _ choice: ChosenLatents
  ) {
    self.checkpoint = output.checkpointPath
    step = checkpoint.step
    self.output = output.folder
    sfz = "\(output.folder)/\(output.sfzName)"
    hydrogen = "\(output.folder)/\(output.archiveName)"
    count = result.clips.count
    clipped_samples = result.clippedSamples
    (silent, silent_labels) = (result.silent, result.silentLabels)
    let recipes = Dictionary(
      uniqueKeysWithValues: result.clips.map { ($0.file, $0.recipe) })
    voices = result.kit.voices.map { voice in
      Voice(
        label: voice.label, key: voice.key,
        clips: voice.layers.flatMap { layer in
          layer.clips.compactMap { clip, gain in
            recipes[clip.file].map { recipe in
              Clip(
                file: clip.file, number: recipe.number, gain_db: recipe.gainDB, play_gain_db: gain,
                lowest_velocity: layer.velocities.lowerBound,
                highest_velocity: layer.velocities.upperBound)
            }
          }
        })
    }
    let level = output.mastering.level
    let levels = LevelReport(
      gains: result.clips.map(\.recipe.gainDB), level, isShared: level == .protect)
    let labels = voices.count == 1 ? "1 label" : "\(voices.count) labels"
    let clips = count == 1 ? "1 clip" : "\(count) clips"
    let hasCard = output.card != nil && result.cardFailure == nil
    let files =
      hasCard
      ? "\(output.sfzName), \(output.archiveName) and \(KitMaker.Output.cardName)"
      : "\(output.sfzName) and \(output.archiveName)"
    let clipped =
      clipped_samples == 0
      ? "" : ", \(clipped_samples) sample\(clipped_samples == 1 ? "" : "s") clipped"
    let left =
      switch silent.count {
      case 0: ""
      case 1: " 1 silent clip was left out."
      default: " \(silent.count) silent clips were left out."
      }
    summary =
      "\(output.folder): \(clips) of \(labels) with \(files)\(clipped).\(levels.sentence)\(left)"
  }

  /// The result as a sentence.
  var sentence: String { "\(summary) From \(checkpoint), step \(step)." }

  private enum CodingKeys: CodingKey {
    case checkpoint, step, output, sfz, hydrogen, count, clipped_samples, voices, silent,
      silent_labels
  }
}
