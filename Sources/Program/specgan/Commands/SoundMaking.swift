import ArgumentParser
import RealModule
internal import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANSynthesis
import Waveforms

/// `--level`.
struct LevelOption: ParsableArguments {
  @Option(
    help: """
      Level of the WAV files. protect lowers clips with a peak above -1 dBFS to that peak; normalize \
      scales all clips to a peak of -1 dBFS; as-is changes none.
      """)
  var level = OutputLevel.protect
}

/// `--level` and `--dither`.
struct LevelOptions: ParsableArguments {
  @OptionGroup var level: LevelOption

  @Flag(help: "Add triangular dither to 16-bit and 24-bit files.")
  var dither = false

  /// Sets the level and the dither of `mastering`, with dither from `seed`.
  func apply(to mastering: inout Mastering, seed: UInt64) {
    mastering.level = level.level
    if dither { mastering.ditherSeed = seed }
  }
}

/// `--format`, `--level`, `--dither` and `--trim`.
struct MasteringOptions: ParsableArguments {
  @Option(help: "Sample format of the WAV files.")
  var format = SampleFormat.pcm16

  @OptionGroup var levels: LevelOptions

  @Flag(
    help: """
      End each clip with a fade of 5 ms after its last sample within 60 dB of its peak. Soft \
      sounds after silence do not count.
      """)
  var trim = false

  /// Returns the mastering that these options describe, with dither from `seed`.
  func mastering(seed: UInt64) -> Mastering {
    var mastering = Mastering()
    (mastering.format, mastering.trimsEnd) = (format, trim)
    levels.apply(to: &mastering, seed: seed)
    return mastering
  }
}

/// The levels of written clips, for a sentence and for JSON.
struct LevelReport {
  /// The factor of each clip in dB; 0 if the clip did not change.
  let gains: [Double]
  private let level: OutputLevel
  /// Whether all clips have one gain.
  private let isShared: Bool

  init(_ writer: SoundWriter, isShared: Bool = false) {
    self.init(
      gains: writer.gains.map { 20 * Double.log10(Double($0)) }, writer.mastering.level,
      isShared: isShared)
  }

  init(gains: [Double], _ level: OutputLevel, isShared: Bool = false) {
    (self.gains, self.level, self.isShared) = (gains, level, isShared)
  }

  /// A sentence about the clips that changed, with a leading space; empty if none did.
  var sentence: String {
    switch level {
    case .asIs: ""
    case .protect: lowered.map { " \($0); --level as-is keeps the level." } ?? ""
    case .normalize: moved.map { " \($0)." } ?? ""
    }
  }

  private var lowered: String? {
    let lowered = gains.filter { $0 < 0 }
    guard let least = lowered.min() else { return nil }
    if isShared {
      return "All were turned down by \(Self.text(least)), so that none exceeds -1 dBFS"
    }
    return "\(Self.count(lowered)) turned down to -1 dBFS, by up to \(Self.text(least))"
  }

  private var moved: String? {
    let (raised, lowered) = (gains.filter { $0 > 0 }, gains.filter { $0 < 0 })
    if isShared {
      guard let gain = gains.first, gain != 0 else { return nil }
      return "All were turned \(gain > 0 ? "up" : "down") by \(Self.text(gain)), so that the "
        + "loudest has -1 dBFS"
    }
    let parts = [
      raised.max().map { "\(Self.count(raised)) turned up by up to \(Self.text($0))" },
      lowered.min().map { "\(Self.count(lowered)) turned down by up to \(Self.text($0))" },
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: " and ") + ", to -1 dBFS"
  }

  private static func count(_ gains: [Double]) -> String {
    gains.count == 1 ? "1 was" : "\(gains.count) were"
  }

  private static func text(_ gain: Double) -> String { "\(abs(gain).rounded(to: 1)) dB" }
}

/// `--pictures`, with the options of mastering.
struct SoundOptions: ParsableArguments {
  @OptionGroup var mastering: MasteringOptions

  @Flag(help: "Also write a picture per clip: the network's spectrogram beside that of the audio.")
  var pictures = false

  @OptionGroup var replacement: ReplaceOptions

  /// Returns the output that these options describe, in the folder `folder`, of clips that the
  /// checkpoint at `path` generates for `command`.
  func output(
    to folder: String, of path: String, for command: String, seed: UInt64
  ) -> SoundMaker.Output {
    var output = SoundMaker.Output(folder: folder)
    (output.command, output.checkpointPath) = (command, path)
    (output.replaces, output.inputs) = (replacement.replace, [path])
    output.mastering = mastering.mastering(seed: seed)
    output.withPictures = pictures
    return output
  }
}

/// `--latents`.
struct LatentOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      """
      Safetensors file with a tensor z, [n, latent], or a WAV file of kit, to use instead of random \
      latents. May be repeated.
      """, valueName: "file"))
  var latents: [String] = []

  var isGiven: Bool { !latents.isEmpty }

  /// Returns the latents of the files for `checkpoint`; nil without files. `seed` overrides the
  /// seed in the files.
  func latents(for checkpoint: Checkpoint, seed: UInt64?) throws -> ChosenLatents? {
    guard isGiven else { return nil }
    return try ChosenLatents(
      files: latents, for: checkpoint.gan, labels: checkpoint.labels, seed: seed)
  }
}

/// `--label`.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Label of all clips, for a conditional run (network.conditional); or a mixture of labels with \
      weights, such as kick=0.7,snare=0.3.
      """, valueName: "name"))
  var label: String?

  /// Returns the requested label or mixture of the labels of `checkpoint` at `path`.
  func mix(in checkpoint: Checkpoint, _ path: String) throws -> LabelMix? {
    guard let label = label?.escapingForeignBytes else { return nil }
    func index(of name: String) throws -> Int {
      try checkpoint.existingIndex(ofLabel: name, path)
    }
    // A name may contain the characters of a mixture.
    let count = checkpoint.labels.count
    if !label.contains("=") || checkpoint.match(ofLabel: label).isKnown {
      return LabelMix(try index(of: label), of: count)
    }
    var weights = [Float](repeating: 0, count: count)
    let items = LabelMatch.items(of: label, among: checkpoint.labels) { Self.part($0)?.name }
    for item in items {
      guard let (name, weight) = Self.part(item) else {
        throw ValidationError(
          "--label is \(label); use a name, or names with weights such as kick=0.7,snare=0.3.")
      }
      weights[try index(of: name)] += weight
    }
    guard let mix = LabelMix(weights) else {
      throw ValidationError("--label is \(label); use at least one weight above 0.")
    }
    return mix
  }

  /// Returns the name and the weight in `item`, such as `kick=0.7`; nil if it has no weight.
  private static func part(_ item: String) -> (name: String, weight: Float)? {
    guard let equals = item.lastIndex(of: "="),
      let weight = Float(item[item.index(after: equals)...]), weight >= 0, weight.isFinite
    else { return nil }
    return (String(item[..<equals]), weight)
  }
}

extension Checkpoint {
  /// Returns the index of the label that `name` stands for in the checkpoint, which is at `path`.
  ///
  /// - Throws: ``SpecGANError`` if that is no label, or several; the value of `option` names it.
  func existingIndex(
    ofLabel name: String, _ path: String, option: String = "label"
  ) throws -> Int {
    switch match(ofLabel: name) {
    case .label(let index): return index
    case .several(let alike):
      throw SpecGANError.ambiguousLabel(name, path: path, alike: alike, option: option)
    case .unknown(let nearest):
      throw SpecGANError.unknownLabel(
        name, path: path, known: labels, nearest: nearest, option: option)
    }
  }
}

extension LongCommand {
  /// Generates the clips of `choice` with the checkpoint at `path`, tells `receiver` of them, and
  /// shows the progress.
  func make(
    _ choice: ChosenLatents, by maker: SoundMaker, of path: String, to output: SoundMaker.Output,
    telling receiver: (any ClipReceiver)? = nil
  ) throws -> SoundWriter {
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    return try SpecGANError.naming(path) {
      try maker.write(choice, to: output, telling: receiver) { done in
        line.show(DoneReport(task: "generating", done: done, total: choice.count))
      }
    }
  }
}

/// The result of generating clips, for JSON.
struct SoundReport: Encodable {
  let checkpoint: String
  let step: Int
  let output: String
  let count, clipped_samples: Int
  /// The gain of each clip in dB, 0 if it did not change.
  let gains_db: [Double]
  let numbers: [Int]
  /// The label of each clip, if the run is conditional.
  let labels: [String]?
  /// The critic's scores, if clips were selected by them.
  let scores: [Float?]?
  /// The path of an interpolation.
  var interpolation: String?
  /// The distance of each relative from its original.
  var distances: [Double]?
  /// The log-spectral distance of each clip from the given one, in dB.
  var log_spectral_distances_db: [Double]?
  /// The selection of the clips, if they were selected.
  var selection: SelectionReport?
  /// The files of the clips, if a list names them.
  var files: [String]?
  /// The page of the clips, and its size.
  var page: String?
  var page_bytes: Int?

  private let summary: String

  init(
    _ path: String, _ checkpoint: Checkpoint, _ writer: SoundWriter, _ choice: ChosenLatents,
    sharesGain: Bool = false
  ) {
    self.checkpoint = path
    step = checkpoint.step
    output = writer.folder
    count = writer.soundCount
    clipped_samples = writer.clippedSamples
    let levels = LevelReport(writer, isShared: sharesGain)
    gains_db = levels.gains
    numbers = choice.numbers
    labels = choice.labels.isEmpty ? nil : choice.labels.map { $0.text(checkpoint.labels) }
    scores = choice.scores?.map(\.finite)
    summary = writer.summary + levels.sentence
  }

  /// The result as a sentence.
  var sentence: String { "\(summary) From \(checkpoint), step \(step)." }

  private enum CodingKeys: CodingKey {
    case checkpoint, step, output, count, clipped_samples, gains_db, numbers, labels, scores,
      interpolation, distances, log_spectral_distances_db, selection, files, page, page_bytes
  }
}

/// Warns if files of `latents` record that another checkpoint than `checkpoint` at `path` made
/// their clips, which would sound different.
///
/// - Throws: ``SpecGANError`` if the clips would replace those in the folder of the latents.
func checkOrigin(
  of latents: [String], _ path: String, _ checkpoint: Checkpoint, writing output: String,
  _ messages: Messages
) throws {
  for file in latents {
    guard let origin = try ChosenLatents.origin(ofFile: file) else { continue }
    let isOther = try Folder.exists(origin.path) && !Folder.areSame(origin.path, path)
    guard isOther || origin.step != checkpoint.step else { continue }
    if try Folder.areSame(Folder.parent(of: file), output) {
      throw SpecGANError.otherClips(
        latents: file, step: origin.step, checkpoint: origin.path, found: checkpoint.step)
    }
    messages.warn(
      "\(file) is from step \(origin.step) of \(origin.path); \(path) generates other clips from "
        + "it.")
  }
}
