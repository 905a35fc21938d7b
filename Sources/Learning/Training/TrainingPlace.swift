package import SpecGANDatasets
package import SpecGANModels
package import Networks
package import SpecGANTensors

/// A place that stores the states of a GAN's two networks and computes their updates.
///
/// A ``Trainer`` selects the examples, random numbers, number and learning rate of each update, and
/// whether it is applied. The place computes it. ``LocalPlace`` uses the memory and the threads of
/// this process; several machines or a GPU could be other places for the same trainer.
///
/// An update has two halves, so that the trainer can check the losses before the weights change:
/// ``criticLosses(_:meanwhile:)`` computes and keeps the gradient, and
/// ``updateCritic(_:rate:)`` applies it.
package protocol TrainingPlace: AnyObject {
  /// The networks, at the current stage if they grow.
  var gan: GAN { get }
  /// The settings.
  var configuration: TrainingConfiguration { get }
  /// The training examples.
  var examples: any Examples { get }
  /// The members of a distributed run; nil if this process trains alone.
  var members: (any Members)? { get }
  /// The state of the generator.
  var generatorState: NetworkState { get }
  /// The state of the critic.
  var criticState: NetworkState { get }

  /// Resets both states to those before the first step, and clears the gradients.
  func restart()

  /// Copies the states `generator` and `critic`, and clears the gradients.
  ///
  /// - Precondition: they are states of the same networks.
  func restore(generator: NetworkState, critic: NetworkState)

  /// Makes `stage` the current one of networks that grow.
  func grow(to stage: GrowthStage)

  /// Generates a batch from `input` for the next losses of either network.
  func generate(_ input: GeneratorInput)

  /// Whether ``criticLosses(_:meanwhile:)`` leaves time for ``generate(_:)``.
  var hasTimeToGenerate: Bool { get }

  /// Computes the critic's losses on real examples and the generated batch, and their gradient.
  ///
  /// `body` is called once when the examples are no longer needed. If ``hasTimeToGenerate``, it may
  /// generate the next batch.
  func criticLosses(_ input: CriticInput, meanwhile body: () -> Void) -> StepLosses

  /// Returns the mean of the critic's values for the real examples of `input`, between
  /// ``criticLosses(_:meanwhile:)`` and ``updateCritic(_:rate:)``. No state changes.
  func criticMean(of input: CriticInput) -> Float

  /// Applies the critic's gradient as update `number`, and clears it.
  func updateCritic(_ number: UpdateNumber, rate: Float)

  /// Computes the generator's loss on the generated batch, and its gradient.
  ///
  /// `labels` are those of the batch, `shifts` those of the critic's layers, and `augmentations`
  /// those of the generated examples; empty without augmentation.
  func generatorLoss(
    labels: [Int], shifts: PhaseShifts, augmentations: [AugmentationDraw]
  ) -> (loss: Float, gradientNorm: Float)

  /// Applies the generator's gradient as update `number`, and clears it.
  func updateGenerator(_ number: UpdateNumber, rate: Float)
}

/// The input of the generator for a batch.
package struct GeneratorInput {
  /// The latents, `[batch, latent]`.
  package var latents: TensorView
  /// The label of each example; empty if the networks have none.
  package var labels: [Int]
  /// The second latents, `[batch, latent]`, and the choice for each layer; nil without style
  /// mixing.
  package var mixing: (latents: TensorView, choice: StyleMixing)?
  /// The noise inputs; nil for none.
  package var noise: NoiseInputs?

  /// Creates the input of a batch without style mixing and noise.
  package init(latents: TensorView, labels: [Int]) {
    (self.latents, self.labels) = (latents, labels)
  }
}

/// The input of an update of the critic, without the generated batch.
package struct CriticInput {
  /// The indices of the real examples.
  package var examples: [Int]
  /// The random number of each example, in `[0, 1)`; see ``Examples``.
  package var chances: [Double]
  /// The label of each example; empty if the networks have none.
  package var labels: [Int]
  /// The augmentations of the real, then of the generated examples; empty without augmentation.
  package var augmentations: [AugmentationDraw] = []
  /// The random numbers of the update.
  package var draws: Plan.CriticDraws
}
