package import SpecGANErrors
internal import SpecGANSettings
package import Spectra
internal import Waveforms

extension Waveform {
  /// The magnitudes that it has, mixed down, in the frames of `spectrogram`.
  package func magnitudes(
    _ spectrogram: SpectrogramConfiguration, framing: Framing = .published
  ) throws(SpecGANError) -> MagnitudeSpectrogram {
    var stft = try STFT(spectrogram)
    return stft.magnitudes(of: mono.samples.span, framing: framing)
  }

  private var mono: Waveform {
    do { return try mixed(to: 1) } catch {
      preconditionFailure("any waveform mixes down to one channel: \(error)")
    }
  }
}
