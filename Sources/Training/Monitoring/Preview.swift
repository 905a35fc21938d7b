public import Tensors

/// What the generator makes of a run's own latents, always the same ones, after one step.
public struct Preview: Sendable {
  /// The step.
  public let step: Int
  /// The generator's output, `[count] + sampleShape`.
  public let samples: Tensor
  /// What is heard of each.
  public let sounds: [SoundRenderer.Sound]
  /// Examples of the cache, to compare them with.
  public let realSounds: [SoundRenderer.Sound]
  /// How far the generator's sounds are from the cache's, in decibels; lower is better. See
  /// ``SpectralStatistics/distance(to:)``; it is of ``scoredCount`` sounds, the first of
  /// which are ``sounds``.
  public let distance: Float
  /// ``distance``; nil where sounds are so loud that it is no number.
  var finiteDistance: Float? { distance.isFinite ? distance : nil }

  /// Generated sounds that ``distance`` is measured over.
  public static let scoredCount = 64
  /// Examples that ``distance`` is measured over, where a cache has as many.
  public static let scoredRealCount = 256
}
