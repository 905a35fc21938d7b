// WGAN-GP as published: Gulrajani et al. 2017, algorithm 1, with the settings of Donahue et al. 2019,
// table 6.

public import Datasets
public import Models
public import Networks
public import Tensors

/// The two networks in training, and the places their updates are computed in.
///
/// Everything random is a function of the seed, the step and the number of roll-backs, so the weights, the
/// optimisers' slots, ``step`` and ``rollBacks`` are all there is to a run.
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
  /// How often the run went back to an earlier step, each time to other draws and another order.
  public package(set) var rollBacks = 0 { didSet { draw() } }

  private let largestLoss: Float
  private let examples: any Examples
  private var order: EpochOrder
  private var draws: Draws
  private let engine: Engine
  private let plan: Plan

  /// Networks with first weights, about to learn from `examples`.
  ///
  /// - Parameters:
  ///   - gan: the networks.
  ///   - configuration: the settings.
  ///   - largestLoss: see ``RecoveryConfiguration/largestLoss``.
  ///   - examples: what is learnt from.
  ///   - engine: what computes.
  /// - Precondition: an example has as many numbers as a sample of `gan`.
  public init(
    _ gan: GAN, _ configuration: TrainingConfiguration,
    largestLoss: Float = RecoveryConfiguration().largestLoss, examples: any Examples,
    engine: Engine
  ) {
    precondition(
      examples.shape.reduce(1, *) == gan.sampleShape.reduce(1, *),
      "examples \(examples.shape) are not samples \(gan.sampleShape)")
    self.gan = gan
    self.configuration = configuration
    self.largestLoss = largestLoss
    self.examples = examples
    self.engine = engine
    generator = gan.initialGenerator(seed: configuration.seed)
    critic = gan.initialCritic(seed: configuration.seed)
    generatorOptimizer = Adam(configuration.adam, for: gan.generator.layout)
    criticOptimizer = Adam(configuration.adam, for: gan.critic.layout)
    (order, draws) = Self.draws(gan, configuration, rollBacks: 0, count: examples.count)
    plan = Plan(gan, batch: configuration.batchSize, engine: engine)
  }

  private func draw() {
    (order, draws) = Self.draws(
      gan, configuration, rollBacks: rollBacks, count: examples.count)
  }

  private static func draws(
    _ gan: GAN, _ configuration: TrainingConfiguration, rollBacks: Int, count: Int
  ) -> (EpochOrder, Draws) {
    (
      EpochOrder(count: count, seed: configuration.seed, variant: UInt32(rollBacks)),
      Draws(
        seed: configuration.seed, rollBacks: rollBacks, batch: configuration.batchSize,
        latent: gan.latent, phaseShuffle: gan.phaseShuffle)
    )
  }

  /// The critic's updates and the generator's one.
  ///
  /// - Throws: ``Divergence`` at the first loss or gradient that blew up, which is not applied; the step is
  ///   not done then, and training goes on only after ``restore(_:)`` or ``restart()``.
  public func takeStep() throws(Divergence) -> Losses {
    var losses = Losses()
    for update in 0..<configuration.criticUpdates { try updateCritic(update, &losses) }
    try updateGenerator(&losses)
    step += 1
    return losses
  }

  /// Takes over all that `checkpoint` holds of a run; false, and nothing changed, where it has no slots.
  ///
  /// - Precondition: it is of the same networks.
  func restore(_ checkpoint: Checkpoint) -> Bool {
    guard let optimizers = checkpoint.optimizers else { return false }
    takeOver([
      (generator, checkpoint.generator), (critic, checkpoint.critic),
      (generatorOptimizer.mean, optimizers.generator.mean),
      (generatorOptimizer.square, optimizers.generator.square),
      (criticOptimizer.mean, optimizers.critic.mean),
      (criticOptimizer.square, optimizers.critic.square),
    ])
    step = checkpoint.step
    rollBacks = checkpoint.rollBacks
    return true
  }

  /// Goes back to the first weights.
  func restart() {
    takeOver([
      (generator, gan.initialGenerator(seed: configuration.seed)),
      (critic, gan.initialCritic(seed: configuration.seed)),
    ])
    for optimizer in [generatorOptimizer, criticOptimizer] {
      optimizer.mean.block.fill(0)
      optimizer.square.block.fill(0)
    }
    step = 0
    rollBacks = 0
  }

  /// Copies `saved` parameters, and forgets the gradient of an update that was not made.
  private func takeOver(_ parameters: [(own: Parameters, saved: Parameters)]) {
    for (own, saved) in parameters {
      precondition(own.layout == saved.layout, "the checkpoint is of other networks")
      own.block.copy(0..<own.layout.count, of: saved.block, to: 0)
    }
    plan.criticGradient.block.fill(0)
    plan.generatorGradient.block.fill(0)
  }

  /// Update number `update` of this step's for the critic.
  package func updateCritic(_ update: Int, _ losses: inout Losses) throws(Divergence) {
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
    try losses.checkCritic(limit: largestLoss)
    criticOptimizer.update(
      critic, consuming: plan.criticGradient, update: criticUpdate + 1, on: engine)
  }

  /// This step's update for the generator; its loss is the one before.
  package func updateGenerator(_ losses: inout Losses) throws(Divergence) {
    let update = step * (configuration.criticUpdates + 1) + configuration.criticUpdates
    generate(update: update)
    // The group of what is generated is the second of two; the first is not shown.
    let shifts = draws.shifts(update: update, groups: [.generatorUpdate, .generatorUpdate])
    losses.generatorLoss = plan.generatorLoss(generator, critic, shifts, engine)
    losses.generatorGradientNorm = plan.generatorGradient.norm(on: engine)
    try losses.checkGenerator(limit: largestLoss)
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
    engine.run(over: 0..<plan.batch, by: 1) { [examples, plan, draws] range, _ in
      let index = range.lowerBound
      examples.copy(
        chosen[index], chance: draws.chance(criticUpdate: criticUpdate, example: index),
        to: places.lowerBound + index, of: plan.critic.input)
    }
  }
}
