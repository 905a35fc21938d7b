package import SpecGANTensors

extension GAN {
  /// The labels of sounds `numbers` where nobody chooses them: all in turn, so sound `i` has label
  /// `i mod labelCount`; nothing where the networks know of none.
  package func labels(ofSounds numbers: some Sequence<Int>) -> [Int] {
    labelCount == 0 ? [] : numbers.map { $0 % labelCount }
  }

  /// Writes latents and labels to the places that the generator reads, from the first on.
  ///
  /// - Parameters:
  ///   - latents: `[count, latent]`.
  ///   - labels: one for each; nothing where the networks know of none.
  ///   - input: `[batch, …]` of ``latent`` and ``labelCount`` numbers each.
  /// - Precondition: every label is one of ``labelCount``, and there is room.
  package func place(_ latents: TensorView, labels: [Int], into input: TensorView) {
    let count = latents.length
    precondition(latents.stride == latent, "latents \(latents.shape) are not of \(latent)")
    precondition(
      labels.count == (labelCount == 0 ? 0 : count) && labels.allSatisfy { $0 < labelCount },
      "labels \(labels) are not of \(count) sounds and \(labelCount) labels")
    input.withMutableSpan { places in
      latents.withSpan { latents in
        let width = latent + labelCount
        for row in 0..<count {
          for index in 0..<latent { places[row * width + index] = latents[row * latent + index] }
          for label in 0..<labelCount {
            places[row * width + latent + label] = labels[row] == label ? 1 : 0
          }
        }
      }
    }
  }
}
