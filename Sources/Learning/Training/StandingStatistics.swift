package import Networks
package import SpecGANModels
internal import SpecGANRandomness
package import SpecGANTensors

extension GAN {
  /// The number of batches that standing statistics are computed from.
  private static let standingBatches = 16

  /// Computes the means and variances of the generator's batch normalization with `parameters`
  /// over samples of random latents and all labels in turn.
  ///
  /// The moving statistics of training belong to the current weights; those of averaged weights
  /// differ. Source: Brock, Donahue and Simonyan, "Large Scale GAN Training for High Fidelity
  /// Natural Image Synthesis", ICLR 2019, appendix C.1.
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

/// The standing statistics of a trainer's averaged generator, computed once for each step.
package final class LastStandingStatistics {
  private var step = (number: -1, rollBacks: 0)
  private var statistics: Parameters?

  /// Creates an object without statistics.
  package init() {}

  /// Returns the statistics in the current step of `trainer`; nil if its generator has no batch
  /// normalization or no averages.
  package func current(of trainer: Trainer, on engine: Engine) -> Parameters? {
    guard trainer.generatorState.average != nil else { return nil }
    if step != (trainer.step, trainer.rollBacks) {
      step = (trainer.step, trainer.rollBacks)
      statistics = trainer.gan.standingStatistics(
        of: trainer.generatorState.finishedGenerator, batch: trainer.configuration.batchSize,
        on: engine)
    }
    return statistics
  }
}
