// WGAN-GP as published, by default: Gulrajani et al. 2017, algorithm 1, with the settings of Donahue et al.
// 2019, table 6. The schedule is the published code's for every loss.

public import Networks
public import SpecGANDatasets
public import SpecGANModels
public import SpecGANTensors

/// The two networks in training, and the places their updates are computed in.
///
/// Everything random is a function of the seed, the step and the number of roll-backs, so the networks'
/// states, ``step`` and ``rollBacks`` are all there is to a run.
public final class Trainer {
  /// The networks.
  public let gan: GAN
  /// The settings.
  public let configuration: TrainingConfiguration
  /// All that changes of the generator.
  public let generatorState: NetworkState
  /// All that changes of the critic.
  public let criticState: NetworkState
  /// Steps done.
  public package(set) var step = 0
  /// How often the run went back to an earlier step, each time to other draws and another order.
  public package(set) var rollBacks = 0 { didSet { draw() } }

  private let largestLoss: Float
  private let examples: any Examples
  private let exampleLabels: [Int]
  private var order: EpochOrder
  private var draws: Draws
  private let engine: Engine
  private let plan: Plan
  /// The labels of the last batch that the critic was shown; nothing where the networks know of none.
  private var batchLabels: [Int] = []

  /// Networks with first weights, about to learn from `examples`.
  ///
  /// - Parameters:
  ///   - gan: the networks.
  ///   - configuration: the settings.
  ///   - largestLoss: see ``RecoveryConfiguration/largestLoss``.
  ///   - examples: what is learnt from.
  ///   - labels: one for each example; nothing where the networks know of none.
  ///   - engine: what computes.
  /// - Precondition: an example has as many numbers as a sample of `gan`, and labels are those it knows.
  public init(
    _ gan: GAN, _ configuration: TrainingConfiguration,
    largestLoss: Float = RecoveryConfiguration().largestLoss, examples: any Examples,
    labels: [Int] = [], engine: Engine
  ) {
    precondition(
      examples.shape.reduce(1, *) == gan.sampleShape.reduce(1, *),
      "examples \(examples.shape) are not samples \(gan.sampleShape)")
    precondition(
      labels.count == (gan.labelCount == 0 ? 0 : examples.count)
        && labels.allSatisfy { 0..<gan.labelCount ~= $0 },
      "labels do not say for each example which of \(gan.labelCount) it has")
    self.gan = gan
    self.configuration = configuration
    self.largestLoss = largestLoss
    self.examples = examples
    self.engine = engine
    exampleLabels = labels
    generatorState = NetworkState(.generator, of: gan, configuration)
    criticState = NetworkState(.critic, of: gan, configuration)
    (order, draws) = Self.draws(gan, configuration, rollBacks: 0, count: examples.count)
    plan = Plan(gan, configuration, engine: engine)
    restart()
  }

  /// The generator's weights.
  public var generator: Parameters { generatorState.weights }
  /// The critic's weights.
  public var critic: Parameters { criticState.weights }

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
}

// MARK: - Going back

extension Trainer {
  /// Continues from both networks' states, which are copied, after `step` steps and `rollBacks`
  /// roll-backs.
  ///
  /// - Precondition: the states are of the same networks.
  package func restore(
    generator: NetworkState, critic: NetworkState, step: Int, rollBacks: Int
  ) {
    generatorState.copy(generator)
    criticState.copy(critic)
    goBack(to: step, rollBacks: rollBacks)
  }

  /// Goes back to the first weights.
  package func restart() {
    for state in [generatorState, criticState] { state.reset(gan, seed: configuration.seed) }
    goBack(to: 0, rollBacks: 0)
  }

  /// Forgets the gradient of an update that was not made.
  private func goBack(to step: Int, rollBacks: Int) {
    plan.criticGradient.block.fill(0)
    plan.generatorGradient.block.fill(0)
    self.step = step
    self.rollBacks = rollBacks
  }
}

// MARK: - Steps

extension Trainer {
  /// The critic's updates and the generator's one.
  ///
  /// - Throws: ``Divergence`` at the first loss or gradient that blew up, which is not applied; the step is
  ///   not done then, and training goes on only after ``restore(generator:critic:step:rollBacks:)`` or ``restart()``.
  public func takeStep() throws(Divergence) -> Losses {
    var losses = Losses()
    for update in 0..<configuration.criticUpdates { try updateCritic(update, &losses) }
    try updateGenerator(&losses)
    step += 1
    return losses
  }

  /// Update number `update` of this step's for the critic.
  package func updateCritic(_ update: Int, _ losses: inout Losses) throws(Divergence) {
    let criticUpdate = step * configuration.criticUpdates + update
    let anyUpdate = step * (configuration.criticUpdates + 1) + update
    placeBatch(criticUpdate)
    generate(update: anyUpdate)
    let draws = Plan.CriticDraws(
      interpolations: draws.interpolations(criticUpdate: criticUpdate),
      shifts: draws.shifts(update: anyUpdate, groups: [.real, .generated]),
      interpolatedShifts: draws.shifts(update: anyUpdate, groups: [.interpolated]))
    losses = plan.criticLosses(
      criticState.trainingWeights(on: engine), draws, labels: batchLabels, engine)
    criticState.spectralNormalization?.pullBack(plan.criticGradient, on: engine)
    losses.criticGradientNorm = plan.criticGradient.norm(on: engine)
    try losses.checkCritic(limit: largestLoss)
    criticState.optimizer.update(
      critic, consuming: plan.criticGradient, update: criticUpdate + 1,
      rate: configuration.learningRates(step: step).critic, on: engine)
    if configuration.loss == .wassersteinClipping {
      criticState.clip(to: configuration.clipValue, on: engine)
    }
  }

  /// This step's update for the generator; its loss is the one before.
  ///
  /// Its labels are those of the critic's last batch, which are distributed as the examples' are.
  package func updateGenerator(_ losses: inout Losses) throws(Divergence) {
    let update = step * (configuration.criticUpdates + 1) + configuration.criticUpdates
    generate(update: update)
    // The group of what is generated is the second of two; the first is not shown.
    let shifts = draws.shifts(update: update, groups: [.generatorUpdate, .generatorUpdate])
    losses.generatorLoss = plan.generatorLoss(
      generatorState.trainingWeights(on: engine), criticState.trainingWeights(on: engine), shifts,
      labels: batchLabels, engine)
    losses.generatorGradientNorm = plan.generatorGradient.norm(on: engine)
    try losses.checkGenerator(limit: largestLoss)
    generatorState.optimizer.update(
      generator, consuming: plan.generatorGradient, update: step + 1,
      rate: configuration.learningRates(step: step).generator, on: engine)
    generatorState.updateAverage(
      decay: configuration.averageDecay, update: step + 1, on: engine)
  }

  /// Makes samples of the latents of update number `update`, under the labels of the last batch.
  package func generate(update: Int) {
    gan.place(draws.latents(update: update), labels: batchLabels, into: plan.generator.input)
    plan.generate(generatorState.trainingWeights(on: engine), engine)
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
    if !exampleLabels.isEmpty { batchLabels = chosen.map { exampleLabels[$0] } }
  }
}
