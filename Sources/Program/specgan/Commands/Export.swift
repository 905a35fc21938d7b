import ArgumentParser
internal import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANONNX
internal import SpecGANRuns
internal import SpecGANSettings

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a trained generator as an ONNX model, for other programs.",
    discussion: """
      Input: latents z, [batch, latent]. Output: samples, as written by generate --raw; for SpecGAN \
      also magnitudes, [batch, frames, frame_length / 2 + 1], linear, which still need phases; stereo \
      has a last axis of 2. For a conditional run (network.conditional) one-hot labels follow the \
      latents in z; the metadata name them label_0 and so on.

      Example: specgan export run --output generator.onnx
      """)

  @Argument(help: "A run, or a checkpoint of one.")
  var checkpoint: String

  @Option(help: "The file to write.")
  var output: String

  @OptionGroup var replacement: ReplaceFileOptions
  @OptionGroup var results: OutputOptions

  func run() throws {
    let (path, checkpoint) = try Messages().checkpoint(for: self.checkpoint)
    guard try !Folder.areSame(path, output) else {
      throw SpecGANError.overwritesInput(path: output)
    }
    try OutputFolder.check(file: output, replacing: replacement.replace)
    try RunFolder.checkIsNoPart(output)
    let model = ONNXModel(checkpoint, producer: "specgan")
    try model.write(to: output)
    Console.message("\(output): the generator of \(path), step \(checkpoint.step).")
    guard results.json else { return }
    try Console.json(
      Report(
        checkpoint: path, step: checkpoint.step, output: output, bytes: model.bytes.count,
        model: checkpoint.configuration.model.rawValue))
  }

  private struct Report: Encodable {
    let checkpoint: String
    let step: Int
    let output: String
    let bytes: Int
    let model: String
  }
}
