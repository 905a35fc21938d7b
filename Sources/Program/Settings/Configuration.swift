internal import Networks
package import SpecGANModels
package import SpecGANTraining
package import Spectra
package import Waveforms

/// All settings of preprocessing, training and inversion; each section belongs to its module.
package struct Configuration: Equatable, Sendable {
  /// The model to train.
  package var model = ModelKind.specgan
  /// The paths.
  package var paths = PathsConfiguration()
  /// The settings of slices.
  package var audio = AudioConfiguration()
  /// The limit on the duration of an audio file that is preprocessed, in s.
  package var longestSeconds = AudioFile.longestDuration
  /// The settings of spectrograms.
  package var spectrogram = SpectrogramConfiguration()
  /// The settings of both models' networks.
  package var network = NetworkConfiguration()
  /// The settings of SpecGAN's networks.
  package var specgan = SpecGANConfiguration()
  /// The settings of WaveGAN's networks.
  package var wavegan = WaveGANConfiguration()
  /// The settings of training.
  package var training = TrainingConfiguration()
  /// The reactions to failures in training.
  package var recovery = RecoveryConfiguration()
  /// The settings of previews and other monitoring.
  package var monitoring = MonitoringConfiguration()
  /// The settings of inversion.
  package var inversion = InversionConfiguration()

  /// Creates the default settings, which are the paper's except for padding.
  package init() {}
}

/// The paths of files: the `paths` section of a configuration.
package struct PathsConfiguration: Equatable, Sendable {
  /// The folder of slices, spectrograms and moments.
  package var cache = "cache"
  /// The folder of checkpoints, the log and previews.
  package var run = "run"

  /// Creates paths in the current folder.
  package init() {}
}

/// Settings of previews and other monitoring: the `monitoring` section of a configuration. Training
/// does not depend on them.
package struct MonitoringConfiguration: Equatable, Sendable {
  /// The number of clips in a preview; 0 for no previews.
  package var previewCount = 8
  /// The largest number of steps between previews; the first ones come sooner.
  package var previewSteps = 1_000
  /// The number of steps between points of a curve in TensorBoard.
  package var scalarSteps = 10
  /// Whether events for TensorBoard are written.
  package var tensorboard = true
  /// Whether a report page is written.
  package var report = true

  /// Creates settings with everything on.
  package init() {}
}
