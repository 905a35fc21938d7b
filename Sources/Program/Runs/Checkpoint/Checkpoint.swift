package import Networks
package import SpecGANModels
package import SpecGANSettings
package import SpecGANTensors
package import SpecGANTraining
package import Spectra

/// The state of a run after a step, with everything that generating clips needs.
///
/// In a file, the tensors have the names and layouts of the reference; see ``write(to:)``. A
/// checkpoint of a trainer shares its memory: write it before the next step.
package final class Checkpoint: Sendable {
  /// The complete configuration of the run.
  package let configuration: Configuration
  /// The number of steps done.
  package let step: Int
  /// The number of roll-backs of the run until then; see ``Trainer/rollBacks``.
  package let rollBacks: Int
  /// The state of adaptive augmentation.
  package let augmentation: AugmentationState
  /// The number of steps before the first one of each level, of networks that grow; see
  /// ``Trainer/levelStarts``.
  package let levelStarts: [Int]
  /// The spectral distance of the step's preview from real clips; nil if it has none.
  package let score: Float?
  /// The fingerprint of the cache it was trained on; nil if the file has none.
  package let fingerprint: String?
  /// The checkpoint with whose weights the run began, as a phrase; nil if they were drawn.
  package let origin: String?
  /// The moments of the cache's spectrograms, for each channel; nil if the file has none, which
  /// only WaveGAN allows.
  package let moments: [Moments]?
  /// The labels of a conditional run, in the order of their indices; empty for other runs.
  package let labels: [String]
  /// The networks that the weights belong to.
  package let gan: GAN
  /// Whether the optimizers' slots and the random state are present, so that a run can resume.
  package let isResumable: Bool
  let generatorState: NetworkState
  let criticState: NetworkState
  /// The statistics of the averaged generator; nil if it has no batch normalization or no averages,
  /// or in a file of version 0.2.
  let standingStatistics: Parameters?
  /// The generator's weights for inference: the averages if the run keeps them, with their own
  /// statistics.
  package let generator: NetworkWeights

  /// Returns the label that `name` stands for.
  package func match(ofLabel name: String) -> LabelMatch { LabelMatch(name, among: labels) }

  /// Returns the index of the label that `name` stands for; nil if it is none, or several.
  package func index(ofLabel name: String) -> Int? {
    if case .label(let index) = match(ofLabel: name) { index } else { nil }
  }

  /// Returns the critic's weights for scoring samples.
  package func critic(on engine: Engine) -> NetworkWeights {
    criticState.finishedCritic(on: engine)
  }

  /// Creates a checkpoint that shares the state of `trainer`.
  package init(
    _ trainer: Trainer, configuration: Configuration, fingerprint: String, moments: [Moments],
    labels: [String], score: Float?, origin: String? = nil, standingStatistics: Parameters? = nil
  ) {
    self.configuration = configuration
    step = trainer.step
    rollBacks = trainer.rollBacks
    augmentation = trainer.augmentation
    levelStarts = trainer.levelStarts
    self.score = score
    self.fingerprint = fingerprint
    self.origin = origin
    self.moments = moments
    self.labels = labels
    gan = trainer.gan
    isResumable = true
    generatorState = trainer.generatorState
    criticState = trainer.criticState
    self.standingStatistics = standingStatistics
    generator = NetworkWeights(
      parameters: generatorState.finishedGenerator,
      statistics: standingStatistics ?? generatorState.statistics)
  }

  init(
    _ file: CheckpointFile, moments: [Moments]?, generator: NetworkState, critic: NetworkState,
    standingStatistics: Parameters?
  ) {
    configuration = file.configuration
    step = file.step
    rollBacks = file.rollBacks
    augmentation = file.augmentation
    levelStarts = file.levelStarts
    score = file.score
    fingerprint = file.fingerprint
    origin = file.origin
    self.moments = moments
    labels = file.labels
    gan = file.gan
    isResumable = file.isResumable
    generatorState = generator
    criticState = critic
    self.standingStatistics = standingStatistics
    self.generator = NetworkWeights(
      parameters: generator.finishedGenerator,
      statistics: standingStatistics ?? generator.statistics)
  }

  /// The name of the first tensor with a value that is not finite; nil if all are finite.
  package var firstNotFinite: String? {
    generatorState.firstNotFinite ?? criticState.firstNotFinite
      ?? standingStatistics?.firstNotFinite
  }

  /// Makes `trainer` begin at step 0 with the weights of this checkpoint and a new optimizer.
  ///
  /// - Precondition: `trainer` has the same networks.
  package func begin(_ trainer: Trainer) {
    trainer.restore(
      generator: NetworkState(
        beginningFrom: generatorState, of: trainer.gan, trainer.configuration),
      critic: NetworkState(beginningFrom: criticState, of: trainer.gan, trainer.configuration),
      step: 0, rollBacks: 0)
  }

  /// Restores the state of `trainer`; returns false and changes nothing if it is not resumable.
  ///
  /// - Precondition: `trainer` has the same networks.
  package func restore(_ trainer: Trainer) -> Bool {
    guard isResumable else { return false }
    trainer.restore(
      generator: generatorState, critic: criticState, augmentation: augmentation, step: step,
      rollBacks: rollBacks, levelStarts: levelStarts)
    return true
  }
}

// MARK: - File format

extension Checkpoint {
  /// The largest accepted number of roll-backs, more than any run has.
  static let mostRollBacks = 1 << 31
  /// The current version of the metadata.
  static let schemaVersion = "1"
  /// The prefix of the moments' tensor names.
  static let momentsFolder = "moments/"

  /// The keys of the metadata.
  enum Key {
    static let schemaVersion = "schema_version"
    static let model = "model"
    static let configuration = "configuration"
    static let step = "step"
    static let randomState = "random_state"
    /// Absent if the number is 0.
    static let rollBacks = "roll_backs"
    /// The probability, the sum and the count of ``AugmentationState``, separated by spaces; absent
    /// unless augmentation is adaptive.
    static let augmentation = "augmentation"
    /// The numbers of steps before the first one of each level, separated by spaces; absent unless
    /// the networks grow.
    static let levelStarts = "level_starts"
    /// Absent if there is no score.
    static let score = "score"
    static let fingerprint = "fingerprint"
    /// Absent unless the run began with the weights of another.
    static let origin = "from"
    /// A JSON array; absent if there are no labels.
    static let labels = "labels"
  }

  /// Returns the complete random state: every draw is a function of the seed, the step and the
  /// number of roll-backs.
  static func randomState(_ configuration: Configuration, step: Int, rollBacks: Int) -> String {
    "philox4x32-10 seed \(configuration.training.seed) step \(step)"
      + (rollBacks == 0 ? "" : " roll-backs \(rollBacks)")
  }
}
