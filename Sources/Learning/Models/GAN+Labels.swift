package import SpecGANTensors

extension GAN {
  /// Returns the default labels of the samples `numbers`: `i mod labelCount` for sample `i`, or an
  /// empty array if the networks have no labels.
  package func labels(ofSounds numbers: some Sequence<Int>) -> [Int] {
    labelCount == 0 ? [] : numbers.map { $0 % labelCount }
  }

  /// Writes latents and one-hot labels to the first rows of the generator's input.
  ///
  /// - Parameters:
  ///   - latents: the latents, `[count, latent]`.
  ///   - labels: the label of each latent; empty if the networks have no labels.
  ///   - input: the generator's input, `[batch, latent + labelCount]`, with `batch` of at least
  ///     `count`.
  /// - Precondition: every label is less than ``labelCount``.
  package func place(_ latents: TensorView, labels: [Int], into input: TensorView) {
    let count = latents.length
    precondition(
      latents.stride == latent, "latents \(latents.shape) must have \(latent) elements per row")
    precondition(
      labels.count == (labelCount == 0 ? 0 : count) && labels.allSatisfy { $0 < labelCount },
      "labels \(labels) must be \(count) numbers below \(labelCount)")
    input.withMutableSpan { input in
      latents.withSpan { latents in
        let width = latent + labelCount
        for row in 0..<count {
          for index in 0..<latent { input[row * width + index] = latents[row * latent + index] }
          for label in 0..<labelCount {
            input[row * width + latent + label] = labels[row] == label ? 1 : 0
          }
        }
      }
    }
  }
}
