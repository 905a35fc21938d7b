import ArgumentParser
internal import SpecGANErrors
import SpecGANRuns
import SpecGANSynthesis
import Waveforms

/// `--format` and `--pictures`.
struct SoundOptions: ParsableArguments {
  @Option(help: "Sample format of the WAV files.")
  var format = SampleFormat.pcm16

  @Flag(help: "Also write a picture per clip: the network's spectrogram beside that of the audio.")
  var pictures = false

  /// Returns the output that these options describe, in the folder `folder`.
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
      "Label of all clips, for a conditional run (network.conditional).",
      valueName: "name"))
  var label: String?

  /// Returns the index of the requested label among those of `checkpoint` at `path`.
  func number(in checkpoint: Checkpoint, _ path: String) throws -> Int? {
    guard let label else { return nil }
    guard let number = checkpoint.index(ofLabel: label) else {
      throw SpecGANError.unknownLabel(label, path: path, known: checkpoint.labels)
    }
    return number
  }
}

extension LongCommand {
  /// Generates the clips of `choice` with the checkpoint at `path`, and shows the progress.
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

/// The result of generating clips, for JSON.
struct SoundReport: Encodable {
  let checkpoint: String
  let step: Int
  let output: String
  let count, clipped_samples: Int
  let numbers: [Int]
  /// The label of each clip, if the run is conditional.
  let labels: [String]?
  /// The critic's scores, if clips were selected by them.
  let scores: [Float?]?
  /// The path of an interpolation.
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

  /// The result as a sentence.
  var sentence: String { "\(summary) From \(checkpoint), step \(step)." }

  private enum CodingKeys: CodingKey {
    case checkpoint, step, output, count, clipped_samples, numbers, labels, scores, interpolation
  }
}
