// WGAN-GP as published: Gulrajani et al. 2017, algorithm 1, with the settings of Donahue et al. 2019,
// table 6.

public import Datasets
public import Models
public import Networks
public import Tensors

/// The two networks in training, and the places their updates are computed in.
///
/// Everything random is a function of the seed and the step, so the weights, the optimisers' slots and
/// ``step`` are all there is to a run.
public final class Trainer {
  /// The networks.
  public let gan: GAN
  /// The settings.
  public let configuration: TrainingConfiguration
  /// The generator's weights.
  public let generator: Parameters
  /// The critic's weights.
  public let critic: Parameters
  /// The generator's optimiser.
  public let generatorOptimizer: Adam
  /// The critic's optimiser.
  public let criticOptimizer: Adam
  /// Steps done.
  public package(set) var step = 0

  private let examples: any Examples
  private var order: EpochOrder
  private let draws: Draws
  private let engine: Engine
  private let plan: Plan

  /// Networks with first weights, about to learn from `examples`.
  ///
  /// - Precondition: an example has as many numbers as a sample of `gan`.
  public init(
    _ gan: GAN, _ configuration: TrainingConfiguration, examples: any Examples, engine: Engine
  ) {
    precondition(
      examples.shape.reduce(1, *) == gan.sampleShape.reduce(1, *),
      "examples \(examples.shape) are not samples \(gan.sampleShape)")
    self.gan = gan
    self.configuration = configuration
    self.examples = examples
    self.engine = engine
    generator = gan.initialGenerator(seed: configuration.seed)
    critic = gan.initialCritic(seed: configuration.seed)
    generatorOptimizer = Adam(configuration.adam, for: gan.generator.layout)
    criticOptimizer = Adam(configuration.adam, for: gan.critic.network.layout)
    order = EpochOrder(count: examples.count, seed: configuration.seed)
    draws = Draws(
      seed: configuration.seed, batch: configuration.batchSize, latent: gan.latent,
      phaseShuffle: gan.phaseShuffle)
    plan = Plan(gan, batch: configuration.batchSize, engine: engine)
  }

  /// The critic's updates and the generator's one.
  public func takeStep() -> Losses {
    var losses = Losses()
    for update in 0..<configuration.criticUpdates { updateCritic(update, &losses) }
    updateGenerator(&losses)
    step += 1
    return losses
  }

  /// Takes over the weights, the optimisers' slots and the step of `checkpoint`; false, and nothing
  /// changed, where it has no slots.
  ///
  /// - Precondition: it is of the same networks.
  func restore(_ checkpoint: Checkpoint) -> Bool {
    guard let optimizers = checkpoint.optimizers else { return false }
    for (own, saved) in [
      (generator, checkpoint.generator), (critic, checkpoint.critic),
      (generatorOptimizer.mean, optimizers.generator.mean),
      (generatorOptimizer.square, optimizers.generator.square),
      (criticOptimizer.mean, optimizers.critic.mean),
      (criticOptimizer.square, optimizers.critic.square),
    ] {
      precondition(own.layout == saved.layout, "the checkpoint is of other networks")
      own.block.copy(0..<own.layout.count, of: saved.block, to: 0)
    }
    step = checkpoint.step
    return true
  }

  /// Update number `update` of this step's for the critic.
  package func updateCritic(_ update: Int, _ losses: inout Losses) {
    let criticUpdate = step * configuration.criticUpdates + update
    let anyUpdate = step * (configuration.criticUpdates + 1) + update
    generate(update: anyUpdate)
    placeBatch(criticUpdate)
    let draws = Plan.CriticDraws(
      interpolations: draws.interpolations(criticUpdate: criticUpdate),
      shifts: draws.shifts(update: anyUpdate, groups: [.real, .generated]),
      interpolatedShifts: draws.shifts(update: anyUpdate, groups: [.interpolated]))
    switch configuration.loss {
    case .wassersteinGradientPenalty:
      losses = plan.criticLosses(critic, configuration.penaltyWeight, draws, engine)
    }
    losses.criticGradientNorm = plan.criticGradient.norm(on: engine)
    criticOptimizer.update(
      critic, consuming: plan.criticGradient, update: criticUpdate + 1, on: engine)
  }

  /// This step's update for the generator; its loss is the one before.
  package func updateGenerator(_ losses: inout Losses) {
    let update = step * (configuration.criticUpdates + 1) + configuration.criticUpdates
    generate(update: update)
    // The group of what is generated is the second of two; the first is not shown.
    let shifts = draws.shifts(update: update, groups: [.generatorUpdate, .generatorUpdate])
    losses.generatorLoss = plan.generatorLoss(generator, critic, shifts, engine)
    losses.generatorGradientNorm = plan.generatorGradient.norm(on: engine)
    generatorOptimizer.update(
      generator, consuming: plan.generatorGradient, update: step + 1, on: engine)
  }

  package func generate(update: Int) {
    draws.fillLatents(plan.generator.input, update: update)
    gan.generator.forward(
      plan.generator, Pass(parameters: generator, examples: 0..<plan.batch, engine: engine))
  }

  /// Puts real examples where the critic reads.
  private func placeBatch(_ criticUpdate: Int) {
    let first = criticUpdate * plan.batch
    let chosen = (first..<first + plan.batch).map { order[$0] }
    let places = plan.real
    engine.run(over: 0..<plan.batch, by: 1) { [examples, plan] index, _ in
      examples.copy(
        chosen[index.lowerBound], to: places.lowerBound + index.lowerBound, of: plan.critic.input)
    }
  }
}
