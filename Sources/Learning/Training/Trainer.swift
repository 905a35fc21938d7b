// WGAN-GP as published, by default: Gulrajani et al. 2017, algorithm 1, with the settings of
// Donahue et al. 2019, table 6. The schedule is the published code's for every loss.

package import Networks
package import SpecGANDatasets
package import SpecGANModels
package import SpecGANTensors

/// The schedule of a GAN's training: which examples and draws each update is computed from, and
/// whether it is made.
///
/// The weights live, and updates are computed, at a ``TrainingPlace``. Everything random is a
/// function of the seed, the step and the number of roll-backs, so the networks' states, ``step``
/// and ``rollBacks`` are all there is to a run.
package final class Trainer {
  /// Steps done.
  package var step = 0
  /// How often the run went back to an earlier step, each time to other draws and another order.
  package var rollBacks = 0 { didSet { draw() } }

  private let place: any TrainingPlace
  private let largestLoss: Float
  private let exampleLabels: [Int]
  private var order: EpochOrder
  private var draws: Draws
  /// The latents of an update, `[batch, latent]`.
  private let latents: Tensor
  /// The labels of the last batch that the critic was shown; none if the networks have none.
  private var batchLabels: [Int] = []

  /// Networks with initial weights, about to be trained from `examples` in this process.
  ///
  /// - Parameters:
  ///   - gan: the networks.
  ///   - configuration: the settings.
  ///   - largestLoss: see ``RecoveryConfiguration/largestLoss``.
  ///   - examples: the training examples.
  ///   - labels: one for each example; none if the networks have none.
  ///   - engine: the threads that compute.
  /// - Precondition: an example has as many values as a sample of `gan`, and labels are among its
  ///   labels.
  package convenience init(
    _ gan: GAN, _ configuration: TrainingConfiguration,
    largestLoss: Float = RecoveryConfiguration().largestLoss, examples: any Examples,
    labels: [Int] = [], engine: Engine
  ) {
    self.init(
      at: LocalPlace(gan, configuration, examples: examples, engine: engine),
      largestLoss: largestLoss, labels: labels)
  }

  /// Networks about to be trained at `place`.
  ///
  /// - Precondition: as of ``init(_:_:largestLoss:examples:labels:engine:)``.
  package init(
    at place: any TrainingPlace, largestLoss: Float = RecoveryConfiguration().largestLoss,
    labels: [Int] = []
  ) {
    let (gan, examples) = (place.gan, place.examples)
    precondition(
      examples.shape.reduce(1, *) == gan.sampleShape.reduce(1, *),
      "examples \(examples.shape) are not samples \(gan.sampleShape)")
    precondition(
      labels.count == (gan.labelCount == 0 ? 0 : examples.count)
        && labels.allSatisfy { 0..<gan.labelCount ~= $0 },
      "labels do not say for each example which of \(gan.labelCount) it has")
    self.place = place
    self.largestLoss = largestLoss
    exampleLabels = labels
    latents = Tensor(shape: [place.configuration.batchSize, gan.latent])
    (order, draws) = Self.draws(of: place, rollBacks: 0)
  }

  /// The networks.
  package var gan: GAN { place.gan }
  /// The settings.
  package var configuration: TrainingConfiguration { place.configuration }
  /// All that changes of the generator.
  package var generatorState: NetworkState { place.generatorState }
  /// All that changes of the critic.
  package var criticState: NetworkState { place.criticState }
  /// The generator's weights.
  package var generator: Parameters { generatorState.weights }
  /// The critic's weights.
  package var critic: Parameters { criticState.weights }

  private func draw() { (order, draws) = Self.draws(of: place, rollBacks: rollBacks) }

  private static func draws(
    of place: any TrainingPlace, rollBacks: Int
  ) -> (EpochOrder, Draws) {
    let configuration = place.configuration
    return (
      EpochOrder(
        count: place.examples.count, seed: configuration.seed, variant: UInt32(rollBacks)),
      Draws(
        seed: configuration.seed, rollBacks: rollBacks, batch: configuration.batchSize,
        latent: place.gan.latent, phaseShuffle: place.gan.phaseShuffle)
    )
  }
}

// MARK: - Going back

extension Trainer {
  /// Goes to `step` of a run that was rolled back `rollBacks` times, where the states were these.
  ///
  /// - Precondition: they are of the same networks.
  package func restore(
    generator: NetworkState, critic: NetworkState, step: Int, rollBacks: Int
  ) {
    place.restore(generator: generator, critic: critic)
    (self.step, self.rollBacks) = (step, rollBacks)
  }

  /// Goes back to the initial weights.
  package func restart() {
    place.restart()
    (step, rollBacks) = (0, 0)
  }
}

// MARK: - Steps

extension Trainer {
  /// Makes the critic's updates of a step, and the generator's one.
  ///
  /// - Throws: ``Divergence`` at the first loss or gradient that blew up, which is not applied; the
  ///   step is not done then, and training goes on only after
  ///   ``restore(generator:critic:step:rollBacks:)`` or ``restart()``.
  package func takeStep() throws(Divergence) -> Losses {
    var losses = Losses()
    for update in 0..<configuration.criticUpdates { try updateCritic(update, &losses) }
    try updateGenerator(&losses)
    step += 1
    return losses
  }

  /// Makes update number `update` of this step's for the critic.
  package func updateCritic(_ update: Int, _ losses: inout Losses) throws(Divergence) {
    let criticUpdate = step * configuration.criticUpdates + update
    let anyUpdate = step * (configuration.criticUpdates + 1) + update
    let input = criticInput(criticUpdate, update: anyUpdate)
    batchLabels = input.labels
    generate(update: anyUpdate)
    losses = place.criticLosses(input)
    try losses.checkCritic(limit: largestLoss)
    place.updateCritic(
      number: criticUpdate + 1, rate: configuration.learningRates(step: step).critic)
  }

  /// Makes this step's update of the generator; its loss is the one before.
  ///
  /// Its labels are those of the critic's last batch, which are distributed as the examples' are.
  package func updateGenerator(_ losses: inout Losses) throws(Divergence) {
    let update = step * (configuration.criticUpdates + 1) + configuration.criticUpdates
    generate(update: update)
    // The group of what is generated is the second of two; the first is not shown.
    let shifts = draws.shifts(update: update, groups: [.generatorUpdate, .generatorUpdate])
    (losses.generatorLoss, losses.generatorGradientNorm) = place.generatorLoss(
      labels: batchLabels, shifts: shifts)
    try losses.checkGenerator(limit: largestLoss)
    place.updateGenerator(
      number: step + 1, rate: configuration.learningRates(step: step).generator)
  }

  /// Generates samples of the latents of update number `update`, under the labels of the last
  /// batch.
  package func generate(update: Int) {
    draws.fill(latents, update: update)
    place.generate(latents.view, labels: batchLabels)
  }

  /// The examples and draws of the critic's update number `criticUpdate`, which is number `update`
  /// of all.
  private func criticInput(_ criticUpdate: Int, update: Int) -> CriticInput {
    let first = criticUpdate * configuration.batchSize
    let examples = (first..<first + configuration.batchSize).map { order[$0] }
    return CriticInput(
      examples: examples,
      chances: examples.indices.map { draws.chance(criticUpdate: criticUpdate, example: $0) },
      labels: exampleLabels.isEmpty ? [] : examples.map { exampleLabels[$0] },
      draws: Plan.CriticDraws(
        interpolations: draws.interpolations(criticUpdate: criticUpdate),
        shifts: draws.shifts(update: update, groups: [.real, .generated]),
        interpolatedShifts: draws.shifts(update: update, groups: [.interpolated])))
  }
}
