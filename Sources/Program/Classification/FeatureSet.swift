package import Spectra

/// The log-mel spectrograms from which features are computed.
package enum FeatureSet: String, CaseIterable, Codable, Sendable {
  /// Spectrograms in which differences count only if they can be heard; see
  /// ``MelDefinition/audible(sampleRate:)``.
  case audible
  /// Those of the paper and of the reference, which also measure digital silence: their floor is
  /// 168 dB below a sine of full scale.
  case published

  /// Returns the definitions of the spectrograms by which nearest neighbors are found; the first is
  /// also the input of classifiers and of summaries.
  package func definitions(sampleRate: Int) -> [MelDefinition] {
    switch self {
    case .audible: [.audible(sampleRate: sampleRate)]
    case .published: [.paper, .reference]
    }
  }

  /// Returns the definition of a classifier's input.
  package func definition(sampleRate: Int) -> MelDefinition {
    definitions(sampleRate: sampleRate)[0]
  }

  /// The lowest sample rate in Hz.
  package var leastSampleRate: Int {
    self == .audible ? 1_000 : MelSpectrogram.leastSampleRate
  }
}
