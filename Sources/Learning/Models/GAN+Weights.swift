package import Networks
internal import SpecGANRandomness
internal import SpecGANTensors

extension GAN {
  /// Returns the initial weights of the generator: Glorot uniform kernels, factors of one, and
  /// zeros.
  package func initialGenerator(seed: UInt64) -> Parameters {
    Parameters(glorotUniform: generator.layout, seed: seed, firstRow: 0)
  }

  /// Returns the initial weights of the critic: Glorot uniform kernels, factors of one, and zeros.
  package func initialCritic(seed: UInt64) -> Parameters {
    Parameters(glorotUniform: critic.layout, seed: seed, firstRow: 256)
  }

  /// Draws the vectors of `normalization`, uniform in `±1`, and scales them to length 1.
  package func drawSpectralVectors(_ normalization: SpectralNormalization, seed: UInt64) {
    for entry in normalization.vectors.layout.entries {
      let stream = RandomStream(
        seed: seed, purpose: .spectralVectors, row: UInt32(entry.ordinal))
      normalization.vectors[entry].withMutableSpan {
        stream.fill(&$0, from: 0, lowest: -1, width: 2)
      }
    }
    normalization.scaleVectors()
  }

  /// The initial moving statistics of the generator's batch normalization: means of zero and
  /// variances of one.
  package var initialGeneratorStatistics: Parameters { Parameters(initial: generator.statistics) }

  /// The initial moving statistics of the critic's batch normalization: means of zero and variances
  /// of one.
  package var initialCriticStatistics: Parameters { Parameters(initial: critic.statistics) }
}
