public import Tensors

/// What the generator makes of a run's own latents, always the same ones, after one step.
public struct Preview: Sendable {
  /// The step.
  public let step: Int
  /// The generator's output, `[count] + sampleShape`.
  public let samples: Tensor
  /// What is heard of each.
  public let sounds: [SoundRenderer.Sound]
  /// The spectral distance to real examples; lower is better.
  public let distance: Float
}
