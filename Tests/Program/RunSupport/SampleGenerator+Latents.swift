package import SpecGANModels
package import SpecGANSynthesis
package import SpecGANTensors

extension SampleGenerator {
  /// Returns the samples of `latents`, `[count, latent]`, as those of clips 0 and so on of the seed
  /// 0.
  package func samples(_ latents: Tensor, labels: [LabelMix] = []) -> Tensor {
    samples(
      ChosenLatents(
        latents: latents, numbers: Array(0..<latents.shape[0]), labels: labels, seed: 0))
  }
}
