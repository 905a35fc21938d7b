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
