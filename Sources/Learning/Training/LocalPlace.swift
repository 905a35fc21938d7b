package import SpecGANDatasets
package import SpecGANModels
package import Networks
package import SpecGANTensors

/// A place for training that uses the memory and the threads of this process.
package final class LocalPlace: TrainingPlace {
  package let gan: GAN
  package let configuration: TrainingConfiguration
  package let examples: any Examples
  package let generatorState: NetworkState
  package let criticState: NetworkState
  private let plan: Plan
  /// The real examples before their augmentation; nil without augmentation.
  private let unchanged: Tensor?
  private let engine: Engine

  /// Creates a place for `gan` with its initial weights, on the threads of `engine`.
  package init(
    _ gan: GAN, _ configuration: TrainingConfiguration, examples: any Examples,
    augmenter: (any Augmenter)? = nil, engine: Engine
  ) {
    self.gan = gan
    self.configuration = configuration
    self.examples = examples
    self.engine = engine
    generatorState = NetworkState(.generator, of: gan, configuration)
    criticState = NetworkState(.critic, of: gan, configuration)
    let augmenter = configuration.augmentation == .none ? nil : augmenter
    plan = Plan(gan, configuration, augmenter: augmenter, engine: engine)
    unchanged = augmenter.map { _ in Tensor(shape: [configuration.batchSize] + gan.sampleShape) }
    restart()
  }

  package func restart() {
    for state in [generatorState, criticState] { state.reset(gan, seed: configuration.seed) }
    clearGradients()
  }

  package func restore(generator: NetworkState, critic: NetworkState) {
    generatorState.copy(generator)
    criticState.copy(critic)
    clearGradients()
  }

  /// Clears the gradients, which remain after an update that was not applied.
  private func clearGradients() {
    plan.criticGradient.block.fill(0)
    plan.generatorGradient.block.fill(0)
  }

  package func generate(_ latents: TensorView, labels: [Int]) {
    gan.place(latents, labels: labels, into: plan.generator.input)
    plan.generate(generatorState.trainingWeights(on: engine), engine)
  }
}

// MARK: - The critic

extension LocalPlace {
  package func criticLosses(_ input: CriticInput) -> StepLosses {
    copyExamples(input)
    plan.augmentGenerated(Array(input.augmentations.dropFirst(plan.batch)), engine)
    var losses = plan.criticLosses(
      criticState.trainingWeights(on: engine), input.draws, labels: input.labels, engine)
    criticState.spectralNormalization?.pullBack(plan.criticGradient, on: engine)
    losses.criticGradientNorm = plan.criticGradient.norm(on: engine)
    return losses
  }

  package func updateCritic(number: Int, rate: Float) {
    criticState.optimizer.update(
      criticState.weights, consuming: plan.criticGradient, update: number, rate: rate, on: engine)
    if configuration.loss == .wassersteinClipping {
      criticState.clip(to: configuration.clipValue, on: engine)
    }
  }

  /// Copies the real examples to the critic's input.
  private func copyExamples(_ input: CriticInput) {
    let first = plan.real.lowerBound
    engine.run(over: 0..<plan.batch, by: 1) { [examples, plan, unchanged] range, _ in
      let index = range.lowerBound
      let example = input.examples[index]
      guard let unchanged, let augmenter = plan.augmenter else {
        return examples.copy(
          example, chance: input.chances[index], to: first + index, of: plan.critic.input)
      }
      let copied = unchanged.examples(range)
      examples.copy(example, chance: input.chances[index], to: index, of: unchanged.view)
      augmenter.apply(
        input.augmentations[index], to: copied,
        into: plan.critic.input.examples(first + index..<first + index + 1))
    }
  }
}

// MARK: - The generator

extension LocalPlace {
  package func generatorLoss(
    labels: [Int], shifts: PhaseShifts, augmentations: [AugmentationDraw]
  ) -> (loss: Float, gradientNorm: Float) {
    let loss = plan.generatorLoss(
      generatorState.trainingWeights(on: engine), criticState.trainingWeights(on: engine), shifts,
      labels: labels, augmentations: augmentations, engine)
    return (loss, plan.generatorGradient.norm(on: engine))
  }

  package func updateGenerator(number: Int, rate: Float) {
    generatorState.optimizer.update(
      generatorState.weights, consuming: plan.generatorGradient, update: number, rate: rate,
      on: engine)
    generatorState.updateAverage(
      decay: configuration.averageDecay, update: number, on: engine)
  }
}
