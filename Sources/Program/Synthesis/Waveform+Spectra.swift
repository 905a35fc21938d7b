package import SpecGANErrors
internal import SpecGANSettings
package import Spectra
internal import Waveforms

extension Waveform {
  /// The magnitudes that it has, mixed down, in the frames of `spectrogram`.
  package func magnitudes(
    _ spectrogram: SpectrogramConfiguration, framing: Framing = .published
  ) throws(SpecGANError) -> MagnitudeSpectrogram {
    var stft = try Self.transform(spectrogram)
    return stft.magnitudes(of: mono.samples.span, framing: framing)
  }

  /// `ln(|X| + logFloor)` of the same, in the published framing, `[frames, bins]`.
  package func logMagnitudes(_ spectrogram: SpectrogramConfiguration) throws(SpecGANError)
    -> [Float]
  {
    var stft = try Self.transform(spectrogram)
    return stft.logMagnitudes(of: mono.samples.span)
  }

  private static func transform(
    _ spectrogram: SpectrogramConfiguration
  ) throws(SpecGANError) -> STFT {
    return try STFT(spectrogram)
  }

  private var mono: Waveform {
    do { return try mixed(to: 1) } catch {
      preconditionFailure("any waveform mixes down to one channel: \(error)")
    }
  }
}
