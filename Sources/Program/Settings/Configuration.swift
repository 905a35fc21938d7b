package import SpecGANModels
package import SpecGANTraining
package import Spectra
package import Waveforms

/// All the settings of preprocessing, training and inversion, each section owned by its module.
package struct Configuration: Equatable, Sendable {
  /// Which model is trained.
  package var model = ModelKind.specgan
  /// Where things are kept.
  package var paths = PathsConfiguration()
  /// How sounds become slices.
  package var audio = AudioConfiguration()
  /// How slices become spectrograms.
  package var spectrogram = SpectrogramConfiguration()
  /// What both models have.
  package var network = NetworkConfiguration()
  /// What SpecGAN alone has.
  package var specgan = SpecGANConfiguration()
  /// What WaveGAN alone has.
  package var wavegan = WaveGANConfiguration()
  /// How the networks learn.
  package var training = TrainingConfiguration()
  /// What becomes of a run when something goes wrong.
  package var recovery = RecoveryConfiguration()
  /// What a run shows of itself.
  package var monitoring = MonitoringConfiguration()
  /// How spectrograms become sounds.
  package var inversion = InversionConfiguration()

  /// The defaults, which are the published ones but for padding.
  package init() {}

  /// What two processor cores learn spoken digits with within an hour: narrow networks and small
  /// batches.
  ///
  /// Adam's rate grows as the networks get narrower (Yang et al. 2021, "Tuning Large Neural
  /// Networks via Zero-Shot Hyperparameter Transfer"): networks of 16 channels learn several times
  /// slower with the published 1e-4, which suits 64.
  package static var small: Configuration {
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
package struct PathsConfiguration: Equatable, Sendable {
  /// The folder of slices, spectrograms and moments.
  package var cache = "cache"
  /// The folder of checkpoints, the log and previews.
  package var run = "run"

  /// Names in the current folder.
  package init() {}
}
