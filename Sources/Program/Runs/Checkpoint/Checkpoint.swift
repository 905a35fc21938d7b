package import Networks
package import SpecGANModels
package import SpecGANSettings
package import SpecGANTensors
package import SpecGANTraining
package import Spectra

/// The state of a run after a step, and everything that clips are generated from.
///
/// In a file, the tensors carry the reference's own names and layouts; see ``write(to:)``. A
/// checkpoint of a trainer shares its memory: write it before the next step.
package final class Checkpoint: Sendable {
  /// The whole configuration of the run.
  package let configuration: Configuration
  /// The number of steps done.
  package let step: Int
  /// The number of roll-backs of the run until then; see ``Trainer/rollBacks``.
  package let rollBacks: Int
  /// The spectral distance of the step's preview from real clips; nil if it has none.
  package let score: Float?
  /// The fingerprint of the cache it was trained from; nil if a file does not say.
  package let fingerprint: String?
  /// The moments of the cache's spectrograms; nil if a file has none, which only WaveGAN may.
  package let moments: Moments?
  /// The labels of the networks, in the order of their numbers; mostly none.
  package let labels: [String]
  /// The networks these weights are for.
  package let gan: GAN
  /// Whether the optimizers' slots and the random state are there, so that a run can resume.
  package let isResumable: Bool
  let generatorState: NetworkState
  let criticState: NetworkState

  /// The weights to generate with: the averages if they are kept.
  package var generator: NetworkWeights { generatorState.finishedGenerator }

  /// The weights to score samples with.
  package func critic(on engine: Engine) -> NetworkWeights {
    criticState.finishedCritic(on: engine)
  }

  /// The state of `trainer`, by reference.
  package init(
    _ trainer: Trainer, configuration: Configuration, fingerprint: String, moments: Moments,
    labels: [String], score: Float?
  ) {
    self.configuration = configuration
    step = trainer.step
    rollBacks = trainer.rollBacks
    self.score = score
    self.fingerprint = fingerprint
    self.moments = moments
    self.labels = labels
    gan = trainer.gan
    isResumable = true
    generatorState = trainer.generatorState
    criticState = trainer.criticState
  }

  init(_ file: CheckpointFile, moments: Moments?, generator: NetworkState, critic: NetworkState) {
    configuration = file.configuration
    step = file.step
    rollBacks = file.rollBacks
    score = file.score
    fingerprint = file.fingerprint
    self.moments = moments
    labels = file.labels
    gan = file.gan
    isResumable = file.isResumable
    generatorState = generator
    criticState = critic
  }

  /// The name of a tensor of the networks' states with a value that is not finite; nil if there is
  /// none.
  package var firstNotFinite: String? {
    generatorState.firstNotFinite ?? criticState.firstNotFinite
  }

  /// Brings `trainer` to where this was written; false, and nothing changed, if it cannot resume.
  ///
  /// - Precondition: `trainer` is of the same networks.
  package func restore(_ trainer: Trainer) -> Bool {
    guard isResumable else { return false }
    trainer.restore(
      generator: generatorState, critic: criticState, step: step, rollBacks: rollBacks)
    return true
  }
}

// MARK: - The file's form

extension Checkpoint {
  /// More roll-backs than any run will have.
  static let mostRollBacks = 1 << 31
  /// The current form of the metadata.
  static let schemaVersion = "1"
  /// The first part of the moments' names.
  static let momentsFolder = "moments/"

  /// The keys of the metadata.
  enum Key {
    static let schemaVersion = "schema_version"
    static let model = "model"
    static let configuration = "configuration"
    static let step = "step"
    static let randomState = "random_state"
    /// Absent if it would be 0.
    static let rollBacks = "roll_backs"
    /// Absent if there is none.
    static let score = "score"
    static let fingerprint = "fingerprint"
    /// A list in JSON; absent if there are none.
    static let labels = "labels"
  }

  /// All the random state there is: every draw is a function of the seed, the step and the
  /// roll-backs.
  static func randomState(_ configuration: Configuration, step: Int, rollBacks: Int) -> String {
    "philox4x32-10 seed \(configuration.training.seed) step \(step)"
      + (rollBacks == 0 ? "" : " roll-backs \(rollBacks)")
  }
}
