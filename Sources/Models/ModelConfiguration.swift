/// The two models.
public enum ModelKind: String, CaseIterable, Sendable {
  /// Spectrograms by 2-D convolutions.
  case specgan
  /// Waveforms by 1-D convolutions.
  case wavegan
}

/// What both models have: the `network` section of a configuration.
public struct NetworkConfiguration: Equatable, Sendable {
  /// Numbers that a sound is made from, uniform in `[-1, 1)`.
  public var latent = 100
  /// The width `d`: channels of the layer next to the sound, 16 times as many at the other end.
  public var dimension = 64
  /// How the critic's layers are kept in bounds.
  public var criticNormalization = CriticNormalization.none
  /// What shares the shifts of phase shuffle.
  public var phaseShufflePer = PhaseShuffling.Group.batch
  /// Whether a sound's label goes in beside its latent.
  public var isConditional = false

  /// The published sizes.
  public init() {}
}

/// How a critic's layers are kept in bounds.
public enum CriticNormalization: String, CaseIterable, Sendable {
  /// Not at all, as published.
  case none
  /// Kernels are divided by their largest singular value; see ``SpectralNormalization``.
  case spectral
}

/// What SpecGAN alone has: the `specgan` section of a configuration.
public struct SpecGANConfiguration: Equatable, Sendable {
  /// Frames of a picture, a power of two.
  public var frames = 128
  /// Bins of a picture's frame, a power of two.
  public var bins = 128
  /// Frames and bins under a kernel.
  public var kernel = 5
  /// The largest shift, in positions along time; 0 for none.
  public var phaseShuffle = 0

  /// The published sizes.
  public init() {}

  /// The powers of two that ``frames`` and ``bins`` may be.
  public static let pictureSizes = 32...1_024
  /// The largest ``phaseShuffle``: reflection needs more frames than a shift uncovers, and the last layer
  /// that is shuffled reads a sixteenth of them.
  public var largestPhaseShuffle: Int { frames / 16 - 1 }
}

/// What WaveGAN alone has: the `wavegan` section of a configuration.
public struct WaveGANConfiguration: Equatable, Sendable {
  /// Samples under a kernel.
  public var kernel = 25
  /// The largest shift, in positions along time; 0 for none.
  public var phaseShuffle = 2

  /// The published sizes.
  public init() {}
}
