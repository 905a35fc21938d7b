internal import Models
internal import Spectra
internal import Waveforms

extension Configuration {
  /// Checks what training needs beyond each key's own range: slices and spectrograms of the network's size,
  /// and settings that go together.
  ///
  /// - Parameter place: where it is from, for errors.
  /// - Throws: ``ConfigurationError/value(_:key:value:valid:)``.
  public func validatedForTraining(
    at place: ConfigurationError.Place = .resolved
  ) throws(ConfigurationError) {
    switch model {
    case .wavegan: try require("audio.slice_length", audio.sliceLength, 16_384, place)
    case .specgan: try validatePictures(at: place)
    }
    if training.randomCrops && audio.firstSliceOnly {
      throw .value(
        place, key: "training.random_crops", value: "true",
        valid: "false, as audio.first_slice_only leaves nothing else of a sound")
    }
    if training.patience > 0 && monitoring.previewCount == 0 {
      throw .value(
        place, key: "training.patience", value: String(training.patience),
        valid: "0, as monitoring.preview_count is 0 and nothing gets a score")
    }
  }

  private func validatePictures(at place: ConfigurationError.Place) throws(ConfigurationError) {
    try require("audio.channels", audio.channels, 1, place)
    let step = spectrogram.frameStep
    let lengths = (specgan.frames - 1) * step + 1...specgan.frames * step
    try require(
      "audio.slice_length", audio.sliceLength, lengths, place,
      "for specgan.frames (=\(specgan.frames)) at spectrogram.frame_step (=\(step))")
    let length = 2 * specgan.bins
    try require(
      "spectrogram.frame_length", spectrogram.frameLength, length...length, place,
      "for specgan.bins (=\(specgan.bins))")
    try require(
      "specgan.phase_shuffle", specgan.phaseShuffle, 0...specgan.largestPhaseShuffle, place,
      "for specgan.frames (=\(specgan.frames))")
  }

  private func require(
    _ key: String, _ value: Int, _ needed: Int, _ place: ConfigurationError.Place
  ) throws(ConfigurationError) {
    try require(key, value, needed...needed, place, "as training \(model.rawValue) needs")
  }

  private func require(
    _ key: String, _ value: Int, _ range: ClosedRange<Int>, _ place: ConfigurationError.Place,
    _ reason: String
  ) throws(ConfigurationError) {
    guard !range.contains(value) else { return }
    let numbers =
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    throw .value(place, key: key, value: String(value), valid: "\(numbers), \(reason)")
  }
}
