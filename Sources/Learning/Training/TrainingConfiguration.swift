internal import Foundation
package import Networks
package import SpecGANModels

/// The settings of training: the `training` section of a configuration.
package struct TrainingConfiguration: Equatable, Sendable {
  /// The loss, which is the training objective.
  package var loss = Loss.wassersteinGradientPenalty
  /// The number of examples of an update.
  package var batchSize = 64
  /// The number of shards of an update's examples, a power of two that divides ``batchSize``. The
  /// gradient of each shard is computed separately; then they are added by ``Networks/SumTree``.
  package var shards = 1
  /// The number of critic updates per generator update.
  package var criticUpdates = 5
  /// The weight of the gradient penalty, `λ`.
  package var penaltyWeight: Float = 10
  /// The weight `γ` of the penalties R1 and R2; nil for that of the loss, 0 for none. The critic's
  /// loss has the term `γ/2 · (mean ‖∇D(x)‖² + mean ‖∇D(G)‖²)`.
  package var gradientWeight: Float?
  /// The number of critic updates from one with the penalties R1 and R2 to the next; they then
  /// weigh as much more.
  package var penaltyInterval = 1
  /// The largest magnitude of the critic's weights, if the loss clips them.
  package var clipValue: Float = 0.01
  /// The weight of the mean of `D(real)²` in the critic's loss; 0 for no drift penalty.
  package var driftWeight: Float = 0
  /// The optimizer of both networks; nil for that of the loss in the reference.
  package var optimizer: OptimizerKind?
  /// The learning rate before any decay; nil for that of the loss in the reference.
  package var learningRate: Float?
  /// The learning rate of the critic; nil for ``learningRate``.
  package var criticLearningRate: Float?
  /// Adam's decay of the mean of gradients; nil for that of the loss in the reference.
  package var beta1: Float?
  /// Adam's decay of the mean of squared gradients; nil for that of the loss in the reference.
  package var beta2: Float?
  /// The decay of the learning rates.
  package var learningRateDecay = LearningRateDecay.none
  /// The planned end of the run, in steps: the learning rates reach ``decayTo`` there, and networks
  /// grow in a share of it; nil if it
  /// is not fixed yet. A session fixes it from its limit.
  package var plannedSteps: Int?
  /// The factor of the learning rates after ``plannedSteps``.
  package var decayTo: Float = 0.01
  /// The decay of the moving average of the generator's weights; 0 for no average.
  package var averageDecay: Float = 0
  /// The probability of style mixing: an example of a style-based generator has two latents, the
  /// second for its last layers.
  package var styleMixing: Float = 0
  /// The choice of the probability of augmentations.
  package var augmentation = AugmentationSchedule.none
  /// The largest probability of each augmentation, 0 to 0.8.
  package var augmentationProbability: Float = 0.3
  /// The share of the planned steps in which networks that grow reach the last level, 0 to 1; 0
  /// for training at the last level only.
  package var growingShare: Float = 0.5
  /// The random seed.
  package var seed: UInt64 = 0
  /// The number of steps from one checkpoint to the next.
  package var checkpointSteps = 500
  /// The number of latest checkpoints to keep, as in the reference. The best one and the one for a
  /// roll-back are kept in addition.
  package var checkpointsKept = 5
  /// Whether examples are random crops of the audio and not the slices of the cache; see
  /// ``Datasets/Cache/croppedSlices()``.
  package var randomCrops = false
  /// The number of steps without a better score after which training stops; 0 for never. See
  /// ``ScoreHistory``.
  package var patience = 0

  /// Creates the settings of the paper: Donahue et al. 2019, table 6.
  package init() {}
}

/// An optimization algorithm.
package enum OptimizerKind: String, CaseIterable, Sendable {
  /// Adam, in TensorFlow's form.
  case adam
  /// RMSProp without momentum, in TensorFlow's form.
  case rmsProp = "rmsprop"
}

// MARK: - Settings of a loss

extension TrainingConfiguration {
  /// The configuration with the reference's settings of the loss in place of nil.
  ///
  /// ``beta1`` and ``beta2`` are set for Adam, and nil for RMSProp. ``criticLearningRate`` does not
  /// change.
  package var resolved: TrainingConfiguration {
    var resolved = self
    let published = loss.published
    let optimizer = optimizer ?? published.optimizer
    resolved.optimizer = optimizer
    resolved.learningRate = learningRate ?? published.learningRate
    resolved.gradientWeight = gradientWeight ?? (loss.isOfPairs ? Self.pairsGradientWeight : 0)
    let isAdam = optimizer == .adam
    resolved.beta1 = isAdam ? beta1 ?? published.adam.beta1 : nil
    resolved.beta2 = isAdam ? beta2 ?? published.adam.beta2 : nil
    return resolved
  }

  /// The weight of R1 and R2 for the loss of pairs: on digits better than 20, the only other one
  /// that was tried.
  private static let pairsGradientWeight: Float = 2

  /// Whether adaptive augmentation compares training with validation examples, because signs of
  /// the critic's values mean nothing.
  package var needsValidation: Bool { augmentation == .adaptive && loss.isWasserstein }

  /// Whether the critic's gradient with respect to its input is penalized.
  package var penalizesGradients: Bool {
    loss.hasGradientPenalty || resolved.gradientWeight ?? 0 > 0
  }

  /// Returns whether examples of the generator of `gan` may have two styles.
  package func mixesStyles(of gan: GAN) -> Bool { styleMixing > 0 && gan.styledLayers > 0 }

  /// Returns a new optimizer for the parameters of `layout`.
  package func newOptimizer(for layout: ParameterLayout) -> any Optimizer {
    let resolved = resolved
    guard let beta1 = resolved.beta1, let beta2 = resolved.beta2 else {
      return RMSProp(for: layout)
    }
    return Adam(.init(beta1: beta1, beta2: beta2), for: layout)
  }

  /// Returns the learning rates of step `step`, from 0.
  ///
  /// Without a plan the learning rates are those before any decay.
  func learningRates(step: Int) -> (generator: Float, critic: Float) {
    let rate = learningRate ?? loss.published.learningRate
    let factor = plannedSteps.map { learningRateDecay.factor(step: step, of: $0, to: decayTo) } ?? 1
    return (rate * factor, (criticLearningRate ?? rate) * factor)
  }
}

extension TrainingConfiguration {
  /// The growing share, at least as large as before its rounding to 32 bits, so that its product
  /// with steps is not just below a whole number.
  private var exactShare: Double { Double(growingShare) * (1 + 0x1p-24) }

  /// Returns the least plan with a step for each part of ``growthStage(step:levels:)``.
  package func leastPlan(levels: Int) -> Int {
    Int((Double(2 * (levels - 1)) / exactShare).rounded(.up))
  }

  /// Returns the stage in step `step`, from 0, of networks with `levels` levels.
  ///
  /// Level 0, and the blend and then the level alone for each further level but the last, have
  /// equally many steps; of the last level only the blend is among them, and the level alone has
  /// all later steps. Without a plan, or with fewer steps than parts, the stage is the last level.
  package func growthStage(step: Int, levels: Int) -> GrowthStage {
    let parts = 2 * (levels - 1)
    let growing = Int(exactShare * Double(plannedSteps ?? 0))
    // Below the number of parts, some of them would have no step.
    guard growing >= parts, step < growing else { return GrowthStage(level: levels - 1) }
    /// The first step of a part.
    func start(_ part: Int) -> Int { (part * growing + parts - 1) / parts }
    let part = (0..<parts).last { start($0) <= step } ?? 0
    let level = (part + 1) / 2
    if part.isMultiple(of: 2) { return GrowthStage(level: level) }
    let weight =
      Double(step - start(part) + 1) / Double(start(part + 1) - start(part) + 1)
    return GrowthStage(level: level, blend: Float(weight))
  }
}

extension Loss {
  /// The optimizer and settings of the reference for the loss, or of the papers for rpgan (Huang et
  /// al. 2024) and hinge (Miyato et al. 2018). Those of Adam are set for every loss, because a
  /// configuration may select it.
  var published: (optimizer: OptimizerKind, learningRate: Float, adam: Adam.Configuration) {
    switch self {
    case .wassersteinGradientPenalty: (.adam, 1e-4, .init(beta1: 0.5, beta2: 0.9))
    case .wassersteinClipping: (.rmsProp, 5e-5, .init(beta1: 0.5, beta2: 0.9))
    case .leastSquares: (.rmsProp, 1e-4, .init(beta1: 0.5, beta2: 0.999))
    case .crossEntropy: (.adam, 2e-4, .init(beta1: 0.5, beta2: 0.999))
    case .relativisticPairs: (.adam, 2e-4, .init(beta1: 0, beta2: 0.99))
    case .hinge: (.adam, 2e-4, .init(beta1: 0, beta2: 0.9))
    }
  }
}

/// The decay of the learning rates during a run.
package enum LearningRateDecay: String, CaseIterable, Sendable {
  /// No decay, as in the reference.
  case none
  /// A linear decay, then constant.
  case linear
  /// A decay along half a cosine, then constant (Loshchilov and Hutter 2017, eq. 5, without
  /// restarts).
  case cosine
  /// A decay by the same factor in every step, without an end.
  case exponential

  /// Returns the factor of the learning rates in step `step`, from 0, if it is `last` after `steps`
  /// steps.
  package func factor(step: Int, of steps: Int, to last: Float) -> Float {
    let progress = Double(step) / Double(steps)
    let last = Double(last)
    return switch self {
    case .none: 1
    case .linear: Float(1 + (last - 1) * min(progress, 1))
    case .cosine: Float(last + (1 - last) * (1 + cos(.pi * min(progress, 1))) / 2)
    case .exponential: Float(pow(last, progress))
    }
  }
}
