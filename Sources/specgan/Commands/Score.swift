import ArgumentParser
import Files
import Models
import Spectra
import Tensors
import Training
import Waveforms

struct Score: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask a trained critic about sounds.",
    discussion: """
      Writes values [n], the critic's scores, and gradient_norms [n], how steep it is there. \
      Higher looks more real to the critic; only differences between sounds mean anything.

      Example: specgan score run new-sounds/00000.wav new-sounds/00001.wav --output scores.safetensors
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Argument(help: "Sounds, or safetensors files with a tensor samples.")
  var files: [String]

  @Option(help: "The safetensors file to write.")
  var output: String

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func run() throws {
    let path = try RunFolder.checkpointPath(for: checkpoint)
    let checkpoint = try Checkpoint(path: path)
    let scorer = CriticScorer(checkpoint, engine: Engine(threads: threads.threads))
    let reader = SampleReader(checkpoint)
    var scores = CriticScorer.Scores()
    for file in files {
      let part = scorer.scores(try reader.samples(file))
      scores.values += part.values
      scores.gradientNorms += part.gradientNorms
    }
    var contents = SafetensorsContents()
    contents.append("values", shape: [scores.values.count], scores.values)
    contents.append("gradient_norms", shape: [scores.values.count], scores.gradientNorms)
    try contents.write(to: output)
    Console.message("\(output): scores of \(scores.values.count) sounds by \(path).")
    guard results.json else { return }
    try Console.json(
      Report(
        checkpoint: path, output: output, values: scores.values.map(\.finite),
        gradient_norms: scores.gradientNorms.map(\.finite)))
  }

  private struct Report: Encodable {
    let checkpoint, output: String
    let values, gradient_norms: [Float?]
  }
}
