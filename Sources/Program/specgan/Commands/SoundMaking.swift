import ArgumentParser
internal import SpecGANErrors
import SpecGANRuns
import SpecGANSynthesis
import Waveforms

/// `--format` and `--pictures`.
struct SoundOptions: ParsableArguments {
  @Option(help: "How samples are stored.")
  var format = SampleFormat.pcm16

  @Flag(help: "Write a picture of each spectrogram: what the network gave, and what the sound has.")
  var pictures = false

  /// Sounds as these options say, in the folder `folder`.
  func output(to folder: String) -> SoundMaker.Output {
    var output = SoundMaker.Output(folder: folder)
    output.format = format
    output.withPictures = pictures
    return output
  }
}

/// `--label`.
struct LabelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The label of all the sounds, of a run of network.conditional.",
      valueName: "name"))
  var label: String?

  /// The number of the label that is asked for, of those that `checkpoint` at `path` knows.
  func number(in checkpoint: Checkpoint, _ path: String) throws -> Int? {
    guard let label else { return nil }
    // By bytes, as labels are told apart.
    guard
      let number = checkpoint.labels.firstIndex(where: { $0.utf8.elementsEqual(label.utf8) })
    else { throw SpecGANError.unknownLabel(label, path: path, known: checkpoint.labels) }
    return number
  }
}

extension LongCommand {
  /// Makes the sounds of `choice` with the checkpoint at `path`, and shows how far it is.
  func make(
    _ choice: ChosenLatents, by maker: SoundMaker, of path: String, to output: SoundMaker.Output
  ) throws -> SoundWriter {
    var line = ProgressLine(progress.messages)
    defer { line.close() }
    return try SpecGANError.naming(path) {
      try maker.write(choice, to: output) { done in
        line.show(DoneReport(task: "generating", done: done, total: choice.count))
      }
    }
  }
}

/// What became of sounds that a checkpoint made.
struct SoundReport: Encodable {
  let checkpoint: String
  let step: Int
  let output: String
  let count, clipped_samples: Int
  let numbers: [Int]
  /// The label of each, where the run is conditional.
  let labels: [String]?
  /// The critic's, where sounds were chosen by them.
  let scores: [Float?]?
  /// How they follow each other, where they do.
  var interpolation: String?

  private let summary: String

  init(
    _ path: String, _ checkpoint: Checkpoint, _ writer: SoundWriter, _ choice: ChosenLatents
  ) {
    self.checkpoint = path
    step = checkpoint.step
    output = writer.folder
    count = writer.soundCount
    clipped_samples = writer.clippedSamples
    numbers = choice.numbers
    labels = choice.labels.isEmpty ? nil : choice.labels.map { checkpoint.labels[$0] }
    scores = choice.scores?.map(\.finite)
    summary = writer.summary
  }

  /// The same, for people.
  var sentence: String { "\(summary) From \(checkpoint), step \(step)." }

  private enum CodingKeys: CodingKey {
    case checkpoint, step, output, count, clipped_samples, numbers, labels, scores, interpolation
  }
}
