internal import Scores
internal import Waveforms

/// What is kept of a set's sounds: not the sounds, but for the few that are shown.
struct GatheredSounds: Sendable {
  /// How many sounds.
  var count: Int { features.count }
  /// Of how many of the first sounds there are ``neighborFeatures``.
  var neighborCount: Int { neighborFeatures[0].count }
  /// What the classifier says of each.
  let probabilities: ClassProbabilities?
  /// Which class each is by its label; nil for one that has none, or a label that is no class.
  let classes: [Int32?]
  /// Labels that are no class, in the order of their bytes.
  let unknownLabels: [String]
  /// The classifier's features, or without one the means of log-mel spectrograms.
  var features: Features
  /// Of the first sounds, the log-mel spectrograms of every definition.
  let neighborFeatures: [Features]
  /// Of the first sounds' spectrograms, where they have some.
  let spectral: [SpectralCost]
  /// The first sounds.
  let shown: [Waveform]
}

/// How a spectrogram is, and what its inversion costs.
struct SpectralCost: Sendable {
  /// See ``SpectralConsistency``; nil where it is silent, or too small.
  let consistency: Double?
  /// In dB, of the whole of an inversion.
  let convergence: Double
  /// In dB.
  let logDistance: Double
}
