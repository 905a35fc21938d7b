internal import Models
internal import Spectra
internal import Waveforms

extension Configuration {
  /// Checks what training needs beyond each key's own range: networks of the published sizes.
  ///
  /// - Throws: ``ConfigurationError/value(_:key:value:valid:)``.
  public func validatedForTraining() throws(ConfigurationError) {
    try require("audio.slice_length", audio.sliceLength, 16_384)
    guard model == .specgan else { return }
    try require("audio.channels", audio.channels, 1)
    try require("spectrogram.frame_length", spectrogram.frameLength, 256)
    try require("spectrogram.frame_step", spectrogram.frameStep, 128)
  }

  private func require(_ key: String, _ value: Int, _ needed: Int) throws(ConfigurationError) {
    guard value != needed else { return }
    throw .value(
      .resolved, key: key, value: String(value),
      valid: "\(needed), as training \(model.rawValue) needs")
  }
}
