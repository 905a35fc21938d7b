public import SpecGANErrors
public import Spectra
public import Waveforms

extension Waveform {
  /// A waveform of one channel with nearly the magnitudes of `magnitude`, which has no phases.
  ///
  /// - Parameters:
  ///   - magnitude: the spectrogram.
  ///   - settings: the transform that made it, the sample rate, and the method of inversion.
  ///   - length: the number of samples; nil for whole steps.
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
