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

  /// The published sizes.
  public init() {}
}

/// What SpecGAN alone has: the `specgan` section of a configuration.
public struct SpecGANConfiguration: Equatable, Sendable {
  /// Frames and bins under a kernel.
  public var kernel = 5
  /// The largest shift, in positions along time; 0 for none.
  public var phaseShuffle = 0

  /// The published sizes.
  public init() {}
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
