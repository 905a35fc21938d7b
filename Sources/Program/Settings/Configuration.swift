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

  /// Settings with which two CPU cores learn spoken digits within an hour: narrow networks, small
  /// batches, spectrograms that are normalized by range above an audible floor, and a loss of pairs
  /// with the penalties R1 and R2.
  ///
  /// Narrower networks need a larger learning rate (Yang et al. 2021, "Tuning Large Neural Networks
  /// via Zero-Shot Hyperparameter Transfer"): with 16 channels, the paper's 1e-4, which suits 64,
  /// learns several times slower.
  package static var small: Configuration {
    var small = Configuration()
    (small.spectrogram.logFloor, small.spectrogram.normalization) = (1e-2, .range)
    (small.spectrogram.subtractsFloor, small.spectrogram.headroom) = (true, 3)
    small.network.dimension = 16
    (small.training.loss, small.training.penaltyInterval) = (.relativisticPairs, 4)
    small.training.batchSize = 16
    small.training.criticUpdates = 1
    small.training.learningRate = 8e-4
    small.training.averageDecay = 0.999
    small.monitoring.previewSteps = 500
    return small
  }
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
