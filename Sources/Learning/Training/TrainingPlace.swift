package import SpecGANDatasets
package import SpecGANModels
package import Networks
package import SpecGANTensors

/// A place where the states of a GAN's two networks live and their updates are computed.
///
/// A ``Trainer`` decides what is computed: the examples and draws of an update, its number and
/// rate, and whether it is made at all. The place computes it. ``LocalPlace`` is the memory and the
/// threads of this process; several machines or a graphics card are other places for the same
/// trainer.
///
/// An update has two halves, so that the trainer can look at the losses before the weights change:
/// ``criticLosses(_:)`` leaves the gradient at the place, and ``updateCritic(number:rate:)``
/// applies it.
package protocol TrainingPlace: AnyObject {
  /// The networks.
  var gan: GAN { get }
  /// The settings.
  var configuration: TrainingConfiguration { get }
  /// The examples that are trained from.
  var examples: any Examples { get }
  /// All that changes of the generator.
  var generatorState: NetworkState { get }
  /// All that changes of the critic.
  var criticState: NetworkState { get }

  /// Sets both states to what they are before the first step, and forgets any gradient.
  func restart()

  /// Sets both states to copies of these, and forgets any gradient.
  ///
  /// - Precondition: they are of the same networks.
  func restore(generator: NetworkState, critic: NetworkState)

  /// Generates a batch from `latents`, `[batch, latent]`, for the critic's next losses or the
  /// generator's.
  ///
  /// `labels` are those of the batch; none if the networks have none.
  func generate(_ latents: TensorView, labels: [Int])

  /// Computes the critic's losses on real examples and the generated batch, and their gradient.
  func criticLosses(_ input: CriticInput) -> Losses

  /// Applies the critic's gradient as update `number`, the first being 1, and forgets it.
  func updateCritic(number: Int, rate: Float)

  /// Computes the generator's loss on the generated batch, and its gradient.
  ///
  /// `labels` are those of the batch, and `shifts` those of the critic's layers.
  func generatorLoss(labels: [Int], shifts: PhaseShifts) -> (loss: Float, gradientNorm: Float)

  /// Applies the generator's gradient as update `number`, the first being 1, and forgets it.
  func updateGenerator(number: Int, rate: Float)
}

/// The input of one update of the critic, beside the generated batch.
package struct CriticInput {
  /// The numbers of the real examples.
  package var examples: [Int]
  /// For each, what it leaves to chance, in `[0, 1)`.
  package var chances: [Double]
  /// The label of each; none if the networks have none.
  package var labels: [Int]
  /// The draws.
  package var draws: Plan.CriticDraws
}
