internal import Models
internal import Spectra
internal import Waveforms

extension Configuration {
  /// Checks what training needs beyond each key's own range: networks of the published sizes.
  ///
  /// - Parameter place: where it is from, for errors.
  /// - Throws: ``ConfigurationError/value(_:key:value:valid:)``.
  public func validatedForTraining(
    at place: ConfigurationError.Place = .resolved
  ) throws(ConfigurationError) {
    try require("audio.slice_length", audio.sliceLength, 16_384, place)
    guard model == .specgan else { return }
    try require("audio.channels", audio.channels, 1, place)
    try require("spectrogram.frame_length", spectrogram.frameLength, 256, place)
    try require("spectrogram.frame_step", spectrogram.frameStep, 128, place)
  }

  private func require(
    _ key: String, _ value: Int, _ needed: Int, _ place: ConfigurationError.Place
  ) throws(ConfigurationError) {
    guard value != needed else { return }
    throw .value(
      place, key: key, value: String(value),
      valid: "\(needed), as training \(model.rawValue) needs")
  }
}
