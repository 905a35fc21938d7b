internal import Networks

/// The two models.
package enum ModelKind: String, CaseIterable, Sendable {
  /// Spectrograms by 2-D convolutions.
  case specgan
  /// Waveforms by 1-D convolutions.
  case wavegan

  /// The name as the paper writes it.
  public var name: String {
    switch self {
    case .specgan: "SpecGAN"
    case .wavegan: "WaveGAN"
    }
  }

  /// Whether samples are normalized spectrograms; they are waveforms otherwise.
  public var samplesAreSpectrograms: Bool { self == .specgan }
}

/// What both models have: the `network` section of a configuration.
package struct NetworkConfiguration: Equatable, Sendable {
  /// Numbers that a sound is made from, uniform in `[-1, 1)`.
  package var latent = 100
  /// The width `d`: channels of the layer next to the sound, twice as many with every layer from
  /// there on.
  package var dimension = 64
  /// What the generator puts between positions where a layer has more of them than the one before.
  package var upsampling = Upsampling.zeros
  /// What the generator's layers are normalised by.
  package var generatorNormalization = GeneratorNormalization.none
  /// What the critic's layers are normalised by.
  package var criticNormalization = CriticNormalization.none
  /// What shares the shifts of phase shuffle.
  package var phaseShufflePer = PhaseShuffling.Group.batch
  /// Whether a sound's label goes in beside its latent.
  package var isConditional = false

  /// The published sizes.
  package init() {}

  /// What a generator puts between positions.
  package enum Upsampling: String, CaseIterable, Sendable {
    /// Zeros: a transposed convolution.
    case zeros
    /// The position before, then a convolution.
    case nearest
    /// Straight lines, then a convolution.
    case linear
    /// Cubics, then a convolution.
    case cubic

    /// What lies between positions before the convolution; nil for zeros, which are not put there
    /// in fact.
    var interpolation: Networks.Upsampling.Interpolation? {
      switch self {
      case .zeros: nil
      case .nearest: .nearest
      case .linear: .linear
      case .cubic: .cubic
      }
    }
  }

  /// What a generator's layers are normalised by.
  package enum GeneratorNormalization: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// Mean and variance of a batch, before every ReLU.
    case batch
  }

  /// What a critic's layers are normalised by.
  package enum CriticNormalization: String, CaseIterable, Sendable {
    /// Nothing.
    case none
    /// Mean and variance of a batch, before every LeakyReLU but the first.
    case batch
    /// The largest singular value of every kernel; see ``SpectralNormalization``.
    case spectral
  }
}

/// What SpecGAN alone has: the `specgan` section of a configuration.
package struct SpecGANConfiguration: Equatable, Sendable {
  /// Frames of a picture, a power of two.
  package var frames = 128
  /// Bins of a picture's frame, a power of two.
  package var bins = 128
  /// Frames and bins under a kernel.
  package var kernel = 5
  /// The largest shift, in positions along time; 0 for none.
  package var phaseShuffle = 0

  /// The published sizes.
  package init() {}

  /// The powers of two that ``frames`` and ``bins`` may be.
  package static let pictureSizes = 32...1_024
  /// The largest ``phaseShuffle``: reflection needs more frames than a shift uncovers, and the last
  /// layer that is shuffled reads a sixteenth of them.
  package var largestPhaseShuffle: Int { frames / 16 - 1 }
}

/// What WaveGAN alone has: the `wavegan` section of a configuration.
package struct WaveGANConfiguration: Equatable, Sendable {
  /// Samples under a kernel.
  package var kernel = 25
  /// The largest shift, in positions along time; 0 for none.
  package var phaseShuffle = 2
  /// Samples under the learned filter behind the generator's tanh; 0 for none, 512 in the published
  /// code.
  package var postFilter = 0

  /// The published sizes.
  package init() {}

  /// The lengths of a sound, in samples.
  package static let lengths = [16_384, 32_768, 65_536]
}
