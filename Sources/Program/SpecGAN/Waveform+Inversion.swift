public import SpecGANErrors
public import Spectra
public import Waveforms

extension Waveform {
  /// Creates a waveform of one channel by reconstructing phases for the magnitudes `magnitude`.
  ///
  /// - Parameters:
  ///   - magnitude: the spectrogram.
  ///   - settings: the settings of its transform, the sample rate, and the inversion method.
  ///   - length: the number of samples; nil for a whole number of frame steps.
  ///   - seed: the random seed, for methods with random phases.
  /// - Throws: ``SpecGANError`` if the spectrogram does not match the settings, or has a value that
  ///   is negative or not finite.
  public init(
    inverting magnitude: MagnitudeSpectrogram, settings: Settings = Settings(), length: Int? = nil,
    seed: UInt64 = 0
  ) throws(SpecGANError) {
    let inverter = try Inverter(
      spectrogram: settings.spectrogram, inversion: settings.inversion, seed: seed)
    self.init(
      samples: try inverter.invert(magnitude, length: length), channels: 1,
      sampleRate: settings.audio.sampleRate)
  }
}
