package import Networks
package import SpecGANModels
internal import SpecGANRandomness
package import SpecGANTensors

extension GAN {
  /// The number of batches behind standing statistics.
  private static let standingBatches = 16

  /// Computes the means and variances of the generator's batch normalization with `parameters`
  /// over samples of random latents and all labels in turn.
  ///
  /// The moving statistics of training are those of the last weights, and averaged weights have
  /// others. Source: Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity
  /// Natural Image Synthesis", ICLR 2019, section 4.1.
  ///
  /// - Parameters:
  ///   - parameters: the weights.
  ///   - batch: the number of samples that are normalized together, as in training.
  ///   - engine: the threads.
  /// - Returns: the statistics; nil if the generator has no batch normalization.
  package func standingStatistics(
    of parameters: Parameters, batch: Int, on engine: Engine
  ) -> Parameters? {
    if generator.statistics.count == 0 { return nil }
    let statistics = initialGeneratorStatistics
    let workspace = Workspace(generator, examples: batch, engine: engine)
    let latents = Tensor(shape: [batch, latent])
    let stream = RandomStream(seed: 0, purpose: .standingStatistics)
    for number in 0..<Self.standingBatches {
      let first = number * batch
      latents.withMutableSpan { span in
        stream.fill(&span, from: UInt64(first * latent), lowest: -1, width: 2)
      }
      place(latents.view, labels: labels(ofSounds: first..<first + batch), into: workspace.input)
      var pass = Pass(
        .init(parameters: parameters, statistics: statistics), examples: 0..<batch, engine: engine)
      pass.normalization = .groups(of: batch)
      // The statistics become the means over all batches.
      pass.movingRate = 1 / Float(number + 1)
      generator.forward(workspace, pass)
    }
    return statistics
  }
}
