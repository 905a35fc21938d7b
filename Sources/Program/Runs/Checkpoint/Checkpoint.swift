package import Networks
package import SpecGANModels
package import SpecGANSettings
package import SpecGANTensors
package import SpecGANTraining
package import Spectra
internal import Waveforms

/// Everything a run is at one step, and everything sounds can be generated from.
///
/// In a file, the tensors carry the published code's names and layouts; see ``write(to:)``.
package struct Checkpoint: Sendable {
  /// The whole configuration of the run.
  package var configuration: Configuration
  /// Steps done.
  package var step: Int
  /// How often the run was rolled back until then; see ``Trainer/rollBacks``.
  package var rollBacks = 0
  /// How far the preview of this step is from real sounds; lower is better, nil where there is none.
  package var score: Float?
  /// Which cache it was trained from; nil where a file does not say.
  package var fingerprint: String?
  /// The moments of the cache's spectrograms; nil where a file has none, which only WaveGAN may.
  package var moments: Moments?
  /// The labels that the networks know of, in the order of their numbers; mostly none.
  package let labels: [String]
  /// The networks these weights are for.
  package let gan: GAN
  /// Whether the optimisers' slots and the random state are there; without them it does not resume.
  package let isResumable: Bool
  let generatorState: NetworkState
  let criticState: NetworkState

  /// What to make sounds with: the averages of the generator's weights where they are kept.
  package var generator: NetworkWeights { generatorState.finishedGenerator }

  /// What to ask about sounds.
  package func critic(on engine: Engine) -> NetworkWeights {
    criticState.finishedCritic(on: engine)
  }

  /// The state of `trainer`, by reference: write it before the next step.
  package init(
    _ trainer: Trainer, configuration: Configuration, fingerprint: String, moments: Moments,
    labels: [String]
  ) {
    rollBacks = trainer.rollBacks
    self.configuration = configuration
    self.fingerprint = fingerprint
    self.moments = moments
    self.labels = labels
    step = trainer.step
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

  /// More roll-backs than any run will have.
  static let mostRollBacks = 1 << 31

  /// Whether the updates up to `step` of a run with these settings, and their draws, can be counted; see ``Draws``.
  package static func isCountable(_ step: Int, _ configuration: Configuration) -> Bool {
    let training = configuration.training
    // A batch draws its latents, or shifts for three groups of four layers.
    let factors = [
      training.criticUpdates + 1, training.batchSize, max(configuration.network.latent, 12),
    ]
    var (product, overflow) = step.addingReportingOverflow(1)
    for factor in factors where !overflow {
      (product, overflow) = product.multipliedReportingOverflow(by: factor)
    }
    return step >= 0 && !overflow
  }

  /// The current form of the metadata.
  static let schemaVersion = "1"

  /// The keys of the metadata.
  enum Key {
    static let schemaVersion = "schema_version"
    static let model = "model"
    static let configuration = "configuration"
    static let step = "step"
    static let randomState = "random_state"
    /// Not there where it would be 0.
    static let rollBacks = "roll_backs"
    /// Not there where there is none.
    static let score = "score"
    static let fingerprint = "fingerprint"
    /// A list in JSON; not there where there are none.
    static let labels = "labels"
  }

  /// The names of the moments.
  enum MomentName {
    static let mean = "moments/mean"
    static let deviation = "moments/deviation"
  }

  /// All the random state there is: every draw is a function of the seed, the step and the roll-backs.
  static func randomState(_ configuration: Configuration, step: Int, rollBacks: Int) -> String {
    "philox4x32-10 seed \(configuration.training.seed) step \(step)"
      + (rollBacks == 0 ? "" : " roll-backs \(rollBacks)")
  }
}

extension Configuration {
  /// The networks it describes, for as many labels where they are to know of them.
  package func gan(labels: Int) -> GAN {
    let labels = network.isConditional ? labels : 0
    return switch model {
    case .specgan: .specGAN(network, specgan, labels: labels)
    case .wavegan:
      .waveGAN(
        network, wavegan, length: audio.sliceLength, channels: audio.channels, labels: labels)
    }
  }
}
