package import SpecGANDatasets
package import SpecGANModels
package import Networks
package import SpecGANTensors

/// A place for training that uses the memory and the threads of this process. In a distributed run
/// it computes this member's part of every batch, and has the whole state.
package final class LocalPlace: TrainingPlace {
  package private(set) var gan: GAN
  package let configuration: TrainingConfiguration
  package let examples: any Examples
  package let members: (any Members)?
  private let states: (generator: NetworkState, critic: NetworkState)
  /// Whether the states have been drawn or restored.
  private var areStatesSet = false
  /// The style mixing of the generated batch.
  private var mixing: StyleMixing?
  /// The memory of training at the current stage; nil until the stage first needs it.
  private var currentPlan: Plan?
  private let augmenter: (any Augmenter)?
  private let part: BatchPart
  /// The real examples before their augmentation; nil without augmentation.
  private let unchanged: Tensor?
  private let engine: Engine

  /// Creates a place for `gan` with its initial weights, on the threads of `engine`.
  ///
  /// - Precondition: the number of `members`, if any, divides that of the shards.
  package init(
    _ gan: GAN, _ configuration: TrainingConfiguration, examples: any Examples,
    augmenter: (any Augmenter)? = nil, members: (any Members)? = nil, engine: Engine
  ) {
    self.gan = gan
    self.configuration = configuration
    self.examples = examples
    self.members = members
    self.engine = engine
    states = (
      generator: NetworkState(.generator, of: gan, configuration),
      critic: NetworkState(.critic, of: gan, configuration)
    )
    let augmenter = configuration.augmentation == .none ? nil : augmenter
    self.augmenter = augmenter
    part = BatchPart(of: configuration.batchSize, members)
    unchanged = augmenter.map { [part] _ in
      Tensor(shape: [part.examples.count] + gan.sampleShape)
    }
  }

  /// The memory of training at the current stage, allocated when it is first needed.
  private var plan: Plan {
    if let currentPlan { return currentPlan }
    let plan = Plan(gan, configuration, augmenter: augmenter, members: members, engine: engine)
    currentPlan = plan
    return plan
  }

  package func grow(to stage: GrowthStage) {
    guard let growth = gan.growth, growth.stage != stage else { return }
    gan = gan.at(stage)
    // The memory of the previous stage is freed before that of the next one is allocated.
    if !growth.stage.hasLayers(of: stage) { currentPlan = nil }
  }

  package var generatorState: NetworkState { drawnStates.generator }
  package var criticState: NetworkState { drawnStates.critic }

  /// The states, with initial weights unless they were restored. These are drawn when they are
  /// needed, because orthogonal ones take seconds, and a run that resumes needs none.
  private var drawnStates: (generator: NetworkState, critic: NetworkState) {
    if !areStatesSet { restart() }
    return states
  }

  package func restart() {
    areStatesSet = true
    for state in [states.generator, states.critic] {
      state.reset(gan, seed: configuration.seed, on: engine)
    }
    clearGradients()
  }

  package func restore(generator: NetworkState, critic: NetworkState) {
    areStatesSet = true
    states.generator.copy(generator)
    states.critic.copy(critic)
    clearGradients()
  }

  /// Clears the gradients, which remain after an update that was not applied.
  private func clearGradients() {
    currentPlan?.criticGradient.clear()
    currentPlan?.generatorGradient.clear()
  }

  /// Returns `weights` for a pass of the current stage.
  private func staged(_ weights: NetworkWeights) -> NetworkWeights {
    var weights = weights
    weights.blend = gan.growth?.stage.blend
    return weights
  }

  package func generate(_ input: GeneratorInput) {
    let input = part.input(input)
    mixing = input.mixing?.choice
    plan.generate(input, staged(generatorState.trainingWeights(on: engine)), engine)
  }
}

// MARK: - The critic

extension LocalPlace {
  /// Whether members exchange sums while the critic's gradient is added up. A generator with batch
  /// normalization exchanges sums of its own, and must wait.
  package var hasTimeToGenerate: Bool { members != nil && gan.generator.statistics.count == 0 }

  package func criticLosses(
    _ batchInput: CriticInput, meanwhile body: () -> Void
  ) -> StepLosses {
    let input = part.input(batchInput)
    copyExamples(input)
    plan.augmentGenerated(Array(input.augmentations.dropFirst(plan.batch)), engine)
    var losses = plan.criticLosses(
      staged(criticState.trainingWeights(on: engine)), input.draws, labels: input.labels, engine,
      meanwhile: body)
    criticState.spectralNormalization?.pullBack(plan.criticGradient.total, on: engine)
    losses.criticGradientNorm = plan.criticGradient.total.norm(on: engine)
    let decisive = agreed([
      losses.criticLoss, losses.gradientPenalty ?? 0, losses.criticGradientNorm,
    ])
    losses.criticLoss = decisive[0]
    losses.gradientPenalty = losses.gradientPenalty.map { _ in decisive[1] }
    losses.criticGradientNorm = decisive[2]
    return losses
  }

  package func criticMean(of batchInput: CriticInput) -> Float {
    let input = part.input(batchInput)
    copyExamples(input)
    let mean = plan.criticMean(
      staged(criticState.lastTrainingWeights), input.draws.shifts, labels: input.labels, engine)
    return agreed([mean])[0]
  }

  /// Returns the values that the first member computes, so that all members decide alike whether an
  /// update is applied, also if one of them has failed.
  private func agreed(_ values: [Float]) -> [Float] {
    guard let members else { return values }
    return Array(members.gather(values).prefix(values.count))
  }

  package func updateCritic(_ number: UpdateNumber, rate: Float) {
    criticState.optimizer.update(
      criticState.weights, consuming: plan.criticGradient.total, number: number, rate: rate,
      on: engine)
    if configuration.loss == .wassersteinClipping {
      criticState.clip(to: configuration.clipValue, number: number, on: engine)
    }
  }

  /// Copies the real examples to the critic's input. Of networks that grow they become as coarse as
  /// generated ones before they are augmented.
  private func copyExamples(_ input: CriticInput) {
    let first = plan.real.lowerBound
    let growth = gan.growth
    let channels = gan.sampleShape[gan.sampleShape.count - 1]
    engine.run(over: 0..<plan.batch, by: 1) { [examples, plan, unchanged] range, _ in
      let index = range.lowerBound
      let target = plan.critic.input.examples(first + index..<first + index + 1)
      let copied = unchanged.map { $0.examples(range) } ?? target
      examples.copy(
        input.examples[index], chance: input.chances[index],
        to: unchanged == nil ? first + index : index,
        of: unchanged?.view ?? plan.critic.input)
      growth?.coarsen(copied, channels: channels, isPooled: unchanged == nil)
      guard unchanged != nil, let augmenter = plan.augmenter else { return }
      augmenter.apply(input.augmentations[index], to: copied, into: target)
    }
  }
}

// MARK: - The generator

extension LocalPlace {
  package func generatorLoss(
    labels: [Int], shifts: PhaseShifts, augmentations: [AugmentationDraw]
  ) -> (loss: Float, gradientNorm: Float) {
    let loss = plan.generatorLoss(
      staged(generatorState.lastTrainingWeights),
      staged(criticState.trainingWeights(on: engine)),
      part.shifts(shifts, batches: 2), labels: part.elements(of: labels),
      augmentations: part.elements(of: augmentations), mixing: mixing, engine)
    generatorState.spectralNormalization?.pullBack(plan.generatorGradient.total, on: engine)
    let decisive = agreed([loss, plan.generatorGradient.total.norm(on: engine)])
    return (decisive[0], decisive[1])
  }

  package func updateGenerator(_ number: UpdateNumber, rate: Float) {
    generatorState.optimizer.update(
      generatorState.weights, consuming: plan.generatorGradient.total, number: number,
      rate: rate, on: engine)
    generatorState.updateAverage(
      decay: configuration.averageDecay, number: number, on: engine)
  }
}
