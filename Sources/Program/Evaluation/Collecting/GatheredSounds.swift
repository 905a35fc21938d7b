internal import Scores
internal import Waveforms

/// The features of a set's clips, with the waveforms of the few that are shown.
struct GatheredSounds: Sendable {
  /// The number of clips.
  var count: Int { features.count }
  /// The number of first clips that have ``neighborFeatures``.
  var neighborCount: Int { neighborFeatures[0].count }
  /// The classifier's probabilities; nil without one.
  let probabilities: ClassProbabilities?
  /// The class of each label; nil for a clip without a label, or with a label that is not a class.
  let classes: [Int32?]
  /// The labels that are not a class, in the order of their bytes.
  let unknownLabels: [String]
  /// The classifier's features; without one the means of log-mel spectrograms.
  var features: Features
  /// The log-mel spectrograms of the first clips, by every definition.
  let neighborFeatures: [Features]
  /// The spectral costs of the first clips that have spectrograms.
  let spectral: [SpectralCost]
  /// The waveforms of the first clips.
  let shown: [Waveform]
}

/// The consistency of a spectrogram, and the cost of its inversion.
struct SpectralCost: Sendable {
  /// See ``SpectralConsistency``; nil if it is silent or too small.
  let consistency: Double?
  /// The spectral convergence in dB.
  let convergence: Double
  /// The log-spectral distance in dB.
  let logDistance: Double
}
