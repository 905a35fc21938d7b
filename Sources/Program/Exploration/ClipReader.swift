package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
internal import SpecGANRuns
internal import SpecGANSettings
package import SpecGANSynthesis
package import SpecGANTensors

/// A reader of clips of a generator, to compare them with its training data.
package struct ClipReader {
  private let generator: SampleGenerator
  private let path: String
  private let engine: Engine
  private let digest: String
  /// The first file whose recipe is of another generator; nil if there was none.
  package private(set) var foreignFile: String?

  /// Creates a reader of the clips of `generator`, whose checkpoint is at `path`.
  package init(_ generator: SampleGenerator, at path: String, _ engine: Engine) {
    (self.generator, self.path, self.engine) = (generator, path, engine)
    digest = ClipSource.generatorDigest(of: generator.checkpoint)
  }

  /// Returns the features of the clip in `file`.
  ///
  /// A clip with a recipe of this generator is generated again, because the file may be trimmed and
  /// turned down. Of others the first slice is read, as in training.
  /// - Throws: ``SpecGANError`` if the file cannot be read.
  package mutating func features(of file: String) throws(SpecGANError) -> ClipFeatures {
    let checkpoint = generator.checkpoint
    let samples: Tensor
    if let latents = try generated(file) {
      samples = generator.samples(latents)
    } else {
      samples = try SampleReader(checkpoint).samples(file).samples
    }
    let magnitudes = try SampleCodec(checkpoint).magnitudes(
      of: samples, from: file, on: engine.workers)
    return ClipFeatures(magnitudes[0], checkpoint.configuration.spectrogram)
  }

  /// Returns the latent in the recipe of `file`; nil if it has none of this generator.
  private mutating func generated(_ file: String) throws(SpecGANError) -> ChosenLatents? {
    let checkpoint = generator.checkpoint
    do throws(SpecGANError) {
      let recipe = try ClipRecipe(file: file)
      guard recipe.generator == digest else {
        if recipe.generator != nil { foreignFile = foreignFile ?? file }
        return nil
      }
      return try ChosenLatents(file: file, for: checkpoint.gan, labels: checkpoint.labels)
    } catch {
      if error.systemFailure != nil || error.kind == .missing { throw error }
      return nil
    }
  }
}
