// Source: Gulrajani et al. 2017, algorithm 1 (WGAN-GP), with the settings of Donahue et al. 2019,
// table 6, by default. The schedule is that of the reference implementation for every loss.

package import Networks
package import SpecGANDatasets
internal import SpecGANErrors
package import SpecGANModels
package import SpecGANTensors

/// The schedule of a GAN's training: the examples and random numbers of each update, and whether it
/// is applied.
///
/// A ``TrainingPlace`` stores the weights and computes the updates. All random numbers are
/// functions of the seed, the step and the number of roll-backs. So the networks' states, ``step``,
/// ``rollBacks``, ``augmentation``, ``levelStarts`` and ``plannedSteps`` are the complete state of
/// a run.
package final class Trainer {
  /// The number of completed steps.
  package var step = 0
  /// The number of roll-backs to an earlier step. After each one, the random numbers and the order
  /// of examples are different.
  package var rollBacks = 0 { didSet { draw() } }

  /// The planned end of the run; see ``TrainingConfiguration/plannedSteps``.
  package var plannedSteps: Int? {
    get { schedule.plannedSteps }
    set {
      schedule.plannedSteps = newValue
      showStage()
    }
  }

  /// The state of adaptive augmentation.
  package internal(set) var augmentation = AugmentationState()
  /// The number of completed steps before the first one of each level so far, of networks that
  /// grow; empty before the first step, and for other networks.
  package internal(set) var levelStarts: [Int] = []

  let place: any TrainingPlace
  /// The settings, with the plan, which decide the learning rates.
  private var schedule: TrainingConfiguration
  private let largestLoss: Float
  private let exampleLabels: [Int]
  private let split: ExampleSplit
  private var order: EpochOrder
  /// The order of the validation examples; nil if there are none.
  private var validationOrder: EpochOrder?
  private var draws: Draws
  /// The latents of an update, `[batch, latent]`.
  private let latents: Tensor
  /// The second latents of an update, empty without style mixing.
  private let secondLatents: Tensor?
  /// The labels of the critic's last batch; empty if the networks have none.
  private var batchLabels: [Int] = []
  /// The number of the update for which a batch was generated ahead; nil if there is none.
  var updateAhead: Int?

  /// Creates a trainer of networks with initial weights in this process.
  ///
  /// - Parameters:
  ///   - gan: the networks.
  ///   - configuration: the settings.
  ///   - largestLoss: see ``RecoveryConfiguration/largestLoss``.
  ///   - examples: the training examples.
  ///   - labels: the label of each example; empty if the networks have none.
  ///   - validation: the indices of the examples that are not for training; see
  ///     ``TrainingConfiguration/needsValidation``.
  ///   - augmenter: the augmenter of examples, which augmentation needs.
  ///   - engine: the threads.
  /// - Precondition: an example has as many elements as a sample of `gan`, each label is less than
  ///   ``GAN/labelCount``, and there are validation examples if and only if the settings need them.
  package convenience init(
    _ gan: GAN, _ configuration: TrainingConfiguration,
    largestLoss: Float = RecoveryConfiguration().largestLoss, examples: any Examples,
    labels: [Int] = [], validation: [Int] = [], augmenter: (any Augmenter)? = nil, engine: Engine
  ) {
    self.init(
      at: LocalPlace(
        gan, configuration, examples: examples, augmenter: augmenter, engine: engine),
      largestLoss: largestLoss, labels: labels, validation: validation)
  }

  /// Creates a trainer of the networks at `place`.
  ///
  /// - Precondition: that of
  ///   ``init(_:_:largestLoss:examples:labels:validation:augmenter:engine:)``.
  package init(
    at place: any TrainingPlace, largestLoss: Float = RecoveryConfiguration().largestLoss,
    labels: [Int] = [], validation: [Int] = []
  ) {
    let (gan, examples) = (place.gan, place.examples)
    require(
      examples.shape.reduce(1, *) == gan.sampleShape.reduce(1, *),
      "examples of shape \(examples.shape) must have the size of samples \(gan.sampleShape)")
    require(
      labels.count == (gan.labelCount == 0 ? 0 : examples.count)
        && labels.allSatisfy { 0..<gan.labelCount ~= $0 },
      "labels must be one number below \(gan.labelCount) per example")
    require(
      validation.isEmpty != place.configuration.needsValidation,
      "there must be validation examples exactly if the settings need them")
    self.place = place
    schedule = place.configuration
    self.largestLoss = largestLoss
    exampleLabels = labels
    latents = Tensor(shape: [place.configuration.batchSize, gan.latent])
    secondLatents =
      place.configuration.mixesStyles(of: gan) ? Tensor(shape: latents.shape) : nil
    split = ExampleSplit(of: examples.count, validation: validation)
    draws = Self.draws(of: place, rollBacks: 0)
    order = EpochOrder(count: split.training.count, seed: place.configuration.seed)
    orderExamples()
    showStage()
  }

  /// Returns the learning rates of step `step`, from 0, by the settings and the plan.
  package func learningRates(step: Int) -> (generator: Float, critic: Float) {
    schedule.learningRates(step: step)
  }

  /// The networks.
  package var gan: GAN { place.gan }
  /// The settings.
  package var configuration: TrainingConfiguration { place.configuration }
  /// The state of the generator.
  package var generatorState: NetworkState { place.generatorState }
  /// The state of the critic.
  package var criticState: NetworkState { place.criticState }
  /// The generator's weights.
  package var generator: Parameters { generatorState.weights }
  /// The critic's weights.
  package var critic: Parameters { criticState.weights }

  private func draw() {
    updateAhead = nil
    draws = Self.draws(of: place, rollBacks: rollBacks)
    orderExamples()
  }

  private func orderExamples() {
    func order(of examples: [Int]) -> EpochOrder {
      EpochOrder(count: examples.count, seed: configuration.seed, variant: UInt32(rollBacks))
    }
    self.order = order(of: split.training)
    validationOrder = split.validation.isEmpty ? nil : order(of: split.validation)
  }

  private static func draws(of place: any TrainingPlace, rollBacks: Int) -> Draws {
    let configuration = place.configuration
    return Draws(
      seed: configuration.seed, rollBacks: rollBacks, batch: configuration.batchSize,
      latent: place.gan.latent, phaseShuffle: place.gan.phaseShuffle)
  }
}

// MARK: - Restoring

extension Trainer {
  /// Restores the states `generator`, `critic` and `augmentation`, the step, the number of
  /// roll-backs and the first steps of the levels of a run.
  ///
  /// - Precondition: they are states of the same networks.
  package func restore(
    generator: NetworkState, critic: NetworkState, augmentation: AugmentationState = .init(),
    step: Int, rollBacks: Int, levelStarts: [Int] = []
  ) {
    updateAhead = nil
    place.restore(generator: generator, critic: critic)
    (self.step, self.rollBacks, self.augmentation) = (step, rollBacks, augmentation)
    self.levelStarts = levelStarts
    instruct(.restore)
    showStage()
  }

  /// Restarts the run from the initial weights.
  package func restart() {
    updateAhead = nil
    place.restart()
    (step, rollBacks, augmentation) = (0, 0, AugmentationState())
    levelStarts = []
    instruct(.restart)
    showStage()
  }
}

// MARK: - Growing

extension Trainer {
  /// Returns the stage of growing in step `step`, from 0; nil if the networks do not grow.
  package func growthStage(step: Int) -> GrowthStage? {
    gan.growth.map { schedule.growthStage(step: step, levels: $0.levels.count) }
  }

  /// Makes the stage of the last completed step the current one, so that ``gan`` is what that step
  /// has trained.
  func showStage() {
    if let stage = growthStage(step: max(0, step - 1)) { place.grow(to: stage) }
  }

  /// Makes the stage of the next step the current one.
  private func grow() {
    guard let stage = growthStage(step: step) else { return }
    place.grow(to: stage)
    while levelStarts.count <= stage.level { levelStarts.append(step) }
  }

  /// Returns the number of update `update` of a network, from 1, which has `perStep` updates in a
  /// step.
  private func number(_ update: Int, perStep: Int) -> UpdateNumber {
    guard let stage = gan.growth?.stage else { return UpdateNumber(update) }
    return UpdateNumber(
      update, before: levelStarts.prefix(stage.level + 1).map { $0 * perStep },
      isBlending: stage.blend != nil)
  }
}

// MARK: - Steps

extension Trainer {
  /// Trains for one step: several updates of the critic and one of the generator.
  ///
  /// - Throws: ``Divergence`` if a loss or gradient diverged; its update is not applied. The step
  ///   is then incomplete, and training can only continue after
  ///   ``restore(generator:critic:augmentation:step:rollBacks:levelStarts:)`` or ``restart()``.
  package func takeStep() throws(Divergence) -> StepLosses {
    instruct(.step)
    var losses = StepLosses()
    for update in 0..<configuration.criticUpdates { try updateCritic(update, &losses) }
    try updateGenerator(&losses)
    step += 1
    return losses
  }

  /// Computes and applies update `update` of this step for the critic.
  ///
  /// - Throws: ``Divergence`` if a loss or gradient diverged; the update is then not applied.
  package func updateCritic(_ update: Int, _ losses: inout StepLosses) throws(Divergence) {
    if update == 0 { grow() }
    let criticUpdate = step * configuration.criticUpdates + update
    let anyUpdate = step * (configuration.criticUpdates + 1) + update
    let input = criticInput(criticUpdate, update: anyUpdate)
    batchLabels = input.labels
    if updateAhead != anyUpdate { generate(update: anyUpdate) }
    let earlierPenalty = losses.gradientPenalty
    losses = place.criticLosses(input) {
      if place.hasTimeToGenerate { generateAhead(of: update) }
    }
    try losses.checkCritic(limit: largestLoss)
    losses.gradientPenalty = losses.gradientPenalty ?? earlierPenalty
    if configuration.augmentation == .adaptive {
      augmentation.adapt(
        to: overfitting(losses, like: input, criticUpdate: criticUpdate),
        examples: configuration.batchSize, largest: configuration.augmentationProbability)
    }
    place.updateCritic(
      number(criticUpdate + 1, perStep: configuration.criticUpdates),
      rate: schedule.learningRates(step: step).critic)
  }

  /// Returns the measure of overfitting of the critic's update number `criticUpdate`, which had the
  /// losses `losses` for `input`.
  ///
  /// Validation examples are treated like the real examples of the update: with the same crops,
  /// augmentations and phase shifts.
  private func overfitting(
    _ losses: StepLosses, like input: CriticInput, criticUpdate: Int
  ) -> Float {
    guard configuration.needsValidation else { return losses.separation }
    var input = input
    input.examples = positions(criticUpdate: criticUpdate).compactMap {
      (validationOrder?[$0]).map { split.validation[$0] }
    }
    input.labels = labels(of: input.examples)
    return losses.overfitting(validationMean: place.criticMean(of: input))
  }

  /// Computes and applies this step's update of the generator; the loss is that before the update.
  ///
  /// The labels are those of the critic's last batch, so that they have the distribution of the
  /// training examples.
  ///
  /// - Throws: ``Divergence`` if the loss or gradient diverged; the update is then not applied.
  package func updateGenerator(_ losses: inout StepLosses) throws(Divergence) {
    let update = step * (configuration.criticUpdates + 1) + configuration.criticUpdates
    if updateAhead != update { generate(update: update) }
    // The generated batch is the second of two groups; the first is not used.
    let shifts = draws.shifts(update: update, groups: [.generatorUpdate, .generatorUpdate])
    (losses.generatorLoss, losses.generatorGradientNorm) = place.generatorLoss(
      labels: batchLabels, shifts: shifts,
      augmentations: augmentations(
        update, configuration.batchSize..<2 * configuration.batchSize))
    try losses.checkGenerator(limit: largestLoss)
    place.updateGenerator(
      number(step + 1, perStep: 1), rate: schedule.learningRates(step: step).generator)
  }

  /// Generates samples from the latents of update number `update` and the labels of the last batch.
  package func generate(update: Int) {
    updateAhead = nil
    place.generate(generatorInput(update: update, labels: batchLabels))
  }

  /// Returns the generator's input in update number `update`.
  private func generatorInput(update: Int, labels: [Int]) -> GeneratorInput {
    draws.fill(latents, update: update)
    var input = GeneratorInput(latents: latents.view, labels: labels)
    if let secondLatents {
      let choice = draws.mixing(
        update: update, layers: gan.styledLayers, probability: configuration.styleMixing,
        filling: secondLatents)
      input.mixing = (secondLatents.view, choice)
    }
    if gan.noisePositions > 0 {
      input.noise = draws.noise(update: update, positions: gan.noisePositions)
    }
    return input
  }

  /// Generates the batch of the update after the critic's update `update` of this step. The weights
  /// of the generator change only at the end of a step, so it is the same at any time before.
  private func generateAhead(of update: Int) {
    let next = step * (configuration.criticUpdates + 1) + update + 1
    let isOfCritic = update + 1 < configuration.criticUpdates
    let labels =
      isOfCritic
      ? self.labels(of: examples(criticUpdate: step * configuration.criticUpdates + update + 1))
      : batchLabels
    place.generate(generatorInput(update: next, labels: labels))
    updateAhead = next
  }

  /// Returns the positions, in the order of examples, of the batch of the critic's update number
  /// `criticUpdate`.
  private func positions(criticUpdate: Int) -> Range<Int> {
    let first = criticUpdate * configuration.batchSize
    return first..<first + configuration.batchSize
  }

  /// Returns the indices of the real examples of the critic's update number `criticUpdate`.
  private func examples(criticUpdate: Int) -> [Int] {
    positions(criticUpdate: criticUpdate).map { split.training[order[$0]] }
  }

  /// Returns the labels of `examples`; empty if the networks have none.
  private func labels(of examples: [Int]) -> [Int] {
    exampleLabels.isEmpty ? [] : examples.map { exampleLabels[$0] }
  }

  /// Returns the examples and random numbers of the critic's update number `criticUpdate`, which is
  /// number `update` of all updates.
  private func criticInput(_ criticUpdate: Int, update: Int) -> CriticInput {
    let examples = examples(criticUpdate: criticUpdate)
    return CriticInput(
      examples: examples,
      chances: examples.indices.map { draws.chance(criticUpdate: criticUpdate, example: $0) },
      labels: labels(of: examples),
      augmentations: augmentations(update, 0..<2 * configuration.batchSize),
      draws: Plan.CriticDraws(
        interpolations: draws.interpolations(criticUpdate: criticUpdate),
        // The examples of a pair have the same shift.
        shifts: draws.shifts(
          update: update,
          groups: [.real, configuration.loss.isOfPairs ? .real : .generated]),
        interpolatedShifts: draws.shifts(update: update, groups: [.interpolated]),
        penaltyFactor: criticUpdate.isMultiple(of: configuration.penaltyInterval)
          ? Float(configuration.penaltyInterval) : 0))
  }

  /// The probability of each augmentation in the current step.
  package var augmentationProbability: Float {
    switch configuration.augmentation {
    case .none: 0
    case .fixed:
      configuration.augmentation.probability(
        configuration.augmentationProbability, step: step, planned: plannedSteps)
    case .adaptive: augmentation.probability
    }
  }

  /// Returns the augmentations of the examples `slots` of update number `update`; empty without
  /// augmentation.
  private func augmentations(_ update: Int, _ slots: Range<Int>) -> [AugmentationDraw] {
    guard configuration.augmentation != .none else { return [] }
    return draws.augmentations(update: update, slots, probability: augmentationProbability)
  }
}

/// The indices of the examples that training reads, and of those that it compares with.
private struct ExampleSplit {
  let training, validation: [Int]

  /// Creates a split of `count` examples, with the indices `validation`.
  ///
  /// - Precondition: all indices are less than `count`, and examples for training remain.
  init(of count: Int, validation: [Int]) {
    let left = Set(validation)
    self.validation = validation
    training = (0..<count).filter { !left.contains($0) }
  }
}
