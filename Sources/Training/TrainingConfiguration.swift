public import Networks

/// How the networks learn: the `training` section of a configuration.
public struct TrainingConfiguration: Equatable, Sendable {
  /// What is made small.
  public var loss = Loss.wassersteinGradientPenalty
  /// Examples of an update.
  public var batchSize = 64
  /// Updates of the critic for one of the generator.
  public var criticUpdates = 5
  /// The gradient penalty's weight, `λ`.
  public var penaltyWeight: Float = 10
  /// Adam's step size.
  public var learningRate: Float = 1e-4
  /// Adam's decay of the mean of gradients.
  public var beta1: Float = 0.5
  /// Adam's decay of the mean of squared gradients.
  public var beta2: Float = 0.9
  /// What all random numbers depend on.
  public var seed: UInt64 = 0
  /// Steps from one checkpoint to the next.
  public var checkpointSteps = 500
  /// The last checkpoints that are kept, as the published code does; beside them the best one, and the
  /// one that a roll-back would go to.
  public var checkpointsKept = 5
  /// Whether an example is from anywhere in its sound, and not one of the cache's slices; see
  /// ``Datasets/Cache/croppedSlices()``.
  public var randomCrops = false
  /// Steps without a better score after which training stops by itself; 0 for never. See
  /// ``ScoreHistory``.
  public var patience = 0

  /// The published settings: Donahue et al. 2019, table 6.
  public init() {}

  /// A loss.
  public enum Loss: String, CaseIterable, Sendable {
    /// The Wasserstein loss with a gradient penalty, Gulrajani et al. 2017.
    case wassersteinGradientPenalty = "wgan-gp"
  }

  /// The optimisers' settings.
  public var adam: Adam.Configuration {
    .init(learningRate: learningRate, beta1: beta1, beta2: beta2)
  }
}
