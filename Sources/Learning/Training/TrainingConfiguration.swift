package import Networks

/// How the networks learn: the `training` section of a configuration.
package struct TrainingConfiguration: Equatable, Sendable {
  /// What is made small.
  package var loss = Loss.wassersteinGradientPenalty
  /// Examples of an update.
  package var batchSize = 64
  /// Updates of the critic for one of the generator.
  package var criticUpdates = 5
  /// The gradient penalty's weight, `λ`.
  package var penaltyWeight: Float = 10
  /// The largest weight of the critic of either sign, where the loss clips them.
  package var clipValue: Float = 0.01
  /// The weight of the mean of `D(real)²` in the critic's loss; 0 for none.
  package var driftWeight: Float = 0
  /// Which optimiser updates both networks; nil for the loss's published one.
  package var optimizer: OptimizerKind?
  /// The optimisers' step size before any decay; nil for the loss's published one.
  package var learningRate: Float?
  /// The critic's own step size; nil for ``learningRate``.
  package var criticLearningRate: Float?
  /// Adam's decay of the mean of gradients; nil for the loss's published one.
  package var beta1: Float?
  /// Adam's decay of the mean of squared gradients; nil for the loss's published one.
  package var beta2: Float?
  /// How the step sizes change.
  package var learningRateDecay = LearningRateDecay.none
  /// The steps after which the step sizes are down to ``decayTo`` of what they were.
  package var decaySteps = 200_000
  /// The part of the step sizes that is left after ``decaySteps``.
  package var decayTo: Float = 0.01
  /// The decay of the averages of the generator's weights; 0 where none are kept.
  package var averageDecay: Float = 0
  /// What all random numbers depend on.
  package var seed: UInt64 = 0
  /// Steps from one checkpoint to the next.
  package var checkpointSteps = 500
  /// The last checkpoints that are kept, as the published code does; beside them the best one, and
  /// the one that a roll-back would go to.
  package var checkpointsKept = 5
  /// Whether an example is from anywhere in its sound, and not one of the cache's slices; see
  /// ``Datasets/Cache/croppedSlices()``.
  package var randomCrops = false
  /// Steps without a better score after which training stops by itself; 0 for never. See
  /// ``ScoreHistory``.
  package var patience = 0

  /// The published settings: Donahue et al. 2019, table 6.
  package init() {}
}

/// A rule by which gradients become updates.
package enum OptimizerKind: String, CaseIterable, Sendable {
  /// Adam, in TensorFlow's form.
  case adam
  /// RMSProp without momentum, in TensorFlow's form.
  case rmsProp = "rmsprop"
}

// MARK: - What follows from the loss

extension TrainingConfiguration {
  /// This with the loss's published settings in place of nil.
  ///
  /// Adam has decays then, and RMSProp none; ``criticLearningRate`` stays as it is.
  package var resolved: TrainingConfiguration {
    var resolved = self
    let published = loss.published
    let optimizer = optimizer ?? published.optimizer
    resolved.optimizer = optimizer
    resolved.learningRate = learningRate ?? published.learningRate
    let isAdam = optimizer == .adam
    resolved.beta1 = isAdam ? beta1 ?? published.adam.beta1 : nil
    resolved.beta2 = isAdam ? beta2 ?? published.adam.beta2 : nil
    return resolved
  }

  /// An optimiser that has not been used yet, for the parameters of `layout`.
  package func newOptimizer(for layout: ParameterLayout) -> any Optimizer {
    let resolved = resolved
    guard let beta1 = resolved.beta1, let beta2 = resolved.beta2 else {
      return RMSProp(for: layout)
    }
    return Adam(.init(beta1: beta1, beta2: beta2), for: layout)
  }

  /// The step sizes of step `step`, the first being 0.
  func learningRates(step: Int) -> (generator: Float, critic: Float) {
    let rate = learningRate ?? loss.published.learningRate
    let factor = learningRateDecay.factor(step: step, of: decaySteps, to: decayTo)
    return (rate * factor, (criticLearningRate ?? rate) * factor)
  }
}

extension Loss {
  /// The optimiser that the published code pairs the loss with, and its settings; Adam's for any
  /// loss, in case somebody asks for it.
  var published: (optimizer: OptimizerKind, learningRate: Float, adam: Adam.Configuration) {
    switch self {
    case .wassersteinGradientPenalty: (.adam, 1e-4, .init(beta1: 0.5, beta2: 0.9))
    case .wassersteinClipping: (.rmsProp, 5e-5, .init(beta1: 0.5, beta2: 0.9))
    case .leastSquares: (.rmsProp, 1e-4, .init(beta1: 0.5, beta2: 0.999))
    case .crossEntropy: (.adam, 2e-4, .init(beta1: 0.5, beta2: 0.999))
    }
  }
}
