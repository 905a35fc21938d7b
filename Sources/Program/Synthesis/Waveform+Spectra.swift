package import SpecGANErrors
internal import SpecGANSettings
package import Spectra
internal import Waveforms

extension Waveform {
  /// Returns the magnitudes of the waveform, mixed to one channel, with the settings `spectrogram`.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range.
  package func magnitudes(
    _ spectrogram: SpectrogramConfiguration, framing: Framing = .published
  ) throws(SpecGANError) -> MagnitudeSpectrogram {
    var stft = try STFT(spectrogram)
    return stft.magnitudes(of: mono.samples.span, framing: framing)
  }

  private var mono: Waveform {
    do { return try mixed(to: 1) } catch {
      trap("a waveform cannot be mixed to one channel: \(error)")
    }
  }
}
