package import SpecGANErrors
internal import SpecGANSettings
package import Spectra
internal import Waveforms

extension Waveform {
  /// Returns the magnitudes of the waveform with the settings `spectrogram`: of several channels,
  /// the root mean square over the channels.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range.
  package func magnitudes(
    _ spectrogram: SpectrogramConfiguration, framing: Framing = .published
  ) throws(SpecGANError) -> MagnitudeSpectrogram {
    try channelMagnitudes(spectrogram, framing: framing).rootMeanSquare
  }

  /// Returns the magnitudes of each channel with the settings `spectrogram`.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range.
  package func channelMagnitudes(
    _ spectrogram: SpectrogramConfiguration, framing: Framing = .published
  ) throws(SpecGANError) -> [MagnitudeSpectrogram] {
    var stft = try STFT(spectrogram)
    var magnitudes: [MagnitudeSpectrogram] = []
    for channel in 0..<channels {
      let samples = channels == 1 ? samples : samples.span.channel(channel, of: channels)
      magnitudes.append(stft.magnitudes(of: samples.span, framing: framing))
    }
    return magnitudes
  }
}
