public import Models
public import Networks
public import Spectra
internal import Waveforms

/// Everything a run is at one step, and everything sounds can be generated from.
///
/// In a file, the tensors carry the published code's names and layouts; see ``write(to:)``.
public struct Checkpoint: Sendable {
  /// The whole configuration of the run.
  public var configuration: Configuration
  /// Steps done.
  public var step: Int
  /// How often the run was rolled back until then; see ``Trainer/rollBacks``.
  public var rollBacks = 0
  /// How far the preview of this step is from real sounds; lower is better, nil where there is none.
  public var score: Float?
  /// Which cache it was trained from; nil where a file does not say.
  public var fingerprint: String?
  /// The moments of the cache's spectrograms; nil where a file has none, which only WaveGAN may.
  public var moments: Moments?
  /// The networks these weights are for.
  public let gan: GAN
  /// The generator's weights.
  public let generator: Parameters
  /// The critic's weights.
  public let critic: Parameters
  /// The optimisers' slots; nil where a file has none, and then it does not resume.
  public let optimizers: Optimizers?

  /// The two optimisers.
  public struct Optimizers: Sendable {
    /// The generator's.
    public let generator: Adam
    /// The critic's.
    public let critic: Adam
  }

  /// The state of `trainer`, by reference: write it before the next step.
  init(
    _ trainer: Trainer, configuration: Configuration, fingerprint: String, moments: Moments
  ) {
    rollBacks = trainer.rollBacks
    self.configuration = configuration
    self.fingerprint = fingerprint
    self.moments = moments
    step = trainer.step
    gan = trainer.gan
    generator = trainer.generator
    critic = trainer.critic
    optimizers = Optimizers(
      generator: trainer.generatorOptimizer, critic: trainer.criticOptimizer)
  }

  init(
    configuration: Configuration, step: Int, fingerprint: String?, moments: Moments?, gan: GAN,
    generator: Parameters, critic: Parameters, optimizers: Optimizers?
  ) {
    self.configuration = configuration
    self.step = step
    self.fingerprint = fingerprint
    self.moments = moments
    self.gan = gan
    self.generator = generator
    self.critic = critic
    self.optimizers = optimizers
  }

  /// More roll-backs than any run will have.
  static let mostRollBacks = 1 << 31

  /// More than any run will have, and few enough to count updates and draws with.
  static let largestStep = 1 << 40

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
  }

  /// The names of the moments.
  enum MomentName {
    static let mean = "moments/mean"
    static let deviation = "moments/deviation"
  }

  /// What an optimiser's slot is called: the parameter's name and this.
  enum SlotSuffix {
    static let mean = "/Adam"
    static let square = "/Adam_1"
  }

  /// All the random state there is: every draw is a function of the seed, the step and the roll-backs.
  static func randomState(_ configuration: Configuration, step: Int, rollBacks: Int) -> String {
    "philox4x32-10 seed \(configuration.training.seed) step \(step)"
      + (rollBacks == 0 ? "" : " roll-backs \(rollBacks)")
  }
}

extension Configuration {
  /// The networks it describes.
  public var gan: GAN {
    switch model {
    case .specgan: .specGAN(network, specgan)
    case .wavegan:
      .waveGAN(network, wavegan, length: audio.sliceLength, channels: audio.channels)
    }
  }
}
