public import Models
public import Spectra
public import Waveforms

/// All the settings of preprocessing, training and inversion, each section owned by its module.
public struct Configuration: Equatable, Sendable {
  /// Which model is trained.
  public var model = ModelKind.specgan
  /// Where things are kept.
  public var paths = PathsConfiguration()
  /// How sounds become slices.
  public var audio = AudioConfiguration()
  /// How slices become spectrograms.
  public var spectrogram = SpectrogramConfiguration()
  /// What both models have.
  public var network = NetworkConfiguration()
  /// What SpecGAN alone has.
  public var specgan = SpecGANConfiguration()
  /// What WaveGAN alone has.
  public var wavegan = WaveGANConfiguration()
  /// How the networks learn.
  public var training = TrainingConfiguration()
  /// What becomes of a run when something goes wrong.
  public var recovery = RecoveryConfiguration()
  /// What a run shows of itself.
  public var monitoring = MonitoringConfiguration()
  /// How spectrograms become sounds.
  public var inversion = InversionConfiguration()

  /// The defaults, which are the published ones but for padding.
  public init() {}

  /// What two processor cores learn spoken digits with within an hour: narrow networks and small batches.
  ///
  /// Adam's rate grows as the networks get narrower (Yang et al. 2021, "Tuning Large Neural Networks via Zero-Shot
  /// Hyperparameter Transfer"): networks of 16 channels learn several times slower with the published 1e-4,
  /// which suits 64.
  public static var small: Configuration {
    var small = Configuration()
    small.network.dimension = 16
    small.training.batchSize = 16
    small.training.criticUpdates = 2
    small.training.learningRate = 8e-4
    small.training.averageDecay = 0.999
    small.monitoring.previewSteps = 500
    return small
  }
}

/// Where things are kept: the `paths` section of a configuration.
public struct PathsConfiguration: Equatable, Sendable {
  /// The folder of slices, spectrograms and moments.
  public var cache = "cache"
  /// The folder of checkpoints, the log and previews.
  public var run = "run"

  /// Names in the current folder.
  public init() {}
}
