package import SpecGANErrors
package import SpecGANModels
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

extension Configuration {
  /// The networks it describes, for `labels` labels if they are conditional.
  package func gan(labels: Int) -> GAN {
    .model(
      model, network, specgan, wavegan, length: audio.sliceLength, channels: audio.channels,
      labels: network.isConditional ? labels : 0)
  }

  /// Whether training depends on a planned end: the learning rates decay, or the networks grow.
  package var hasPlan: Bool {
    training.learningRateDecay != .none || (network.isGrowing && training.growingShare > 0)
  }

  /// Whether training depends on a planned end that is not fixed yet.
  package var needsPlan: Bool { hasPlan && training.plannedSteps == nil }

  /// An upper bound of the number of noise values of an example; 0 without noise inputs.
  package var noiseBound: Int {
    let positions = max(specgan.frames * specgan.bins, audio.sliceLength)
    // The last layer of networks that grow has noise, too, and all others have a third as much.
    return network.hasNoiseInputs ? (network.isGrowing ? 2 : 1) * positions : 0
  }

  /// Checks the requirements of training beyond each key's range: slices and spectrograms of the
  /// network's size, and consistent settings.
  ///
  /// - Parameter place: the origin of the configuration, for errors.
  /// - Throws: ``SpecGANError`` if a requirement is not met.
  package func validatedForTraining(
    at place: SettingPlace = .resolved
  ) throws(SpecGANError) {
    try checkCombinations(at: place)
    switch model {
    case .wavegan: try validateSounds(at: place)
    case .specgan: try validatePictures(at: place)
    }
    try validateAttention(at: place)
  }

  private func validateSounds(at place: SettingPlace) throws(SpecGANError) {
    let lengths = WaveGANConfiguration.lengths
    guard !lengths.contains(audio.sliceLength) else { return }
    let numbers = lengths.dropLast().map(String.init).joined(separator: ", ")
    throw .value(
      place, key: "audio.slice_length", value: String(audio.sliceLength),
      valid: "\(numbers) or \(lengths[lengths.count - 1]), which wavegan needs")
  }

  private func validatePictures(at place: SettingPlace) throws(SpecGANError) {
    guard audio.channels <= PictureCodec.largestChannelCount else {
      throw .value(
        place, key: "audio.channels", value: String(audio.channels),
        valid: "1 or \(PictureCodec.largestChannelCount); only wavegan supports more")
    }
    let step = spectrogram.frameStep
    let lengths = (specgan.frames - 1) * step + 1...specgan.frames * step
    try require(
      "audio.slice_length", audio.sliceLength, lengths, place,
      "for specgan.frames (=\(specgan.frames)) at spectrogram.frame_step (=\(step)), or change "
        + "these together: audio.slice_length is specgan.frames times spectrogram.frame_step; that "
        + "is at most half of spectrogram.frame_length; and that is twice specgan.bins, or longer "
        + "with spectrogram.merged_bins")
    try validateBins(at: place)
    try require(
      "specgan.phase_shuffle", specgan.phaseShuffle, 0...specgan.largestPhaseShuffle, place,
      "for specgan.frames (=\(specgan.frames))")
  }

  private func validateAttention(at place: SettingPlace) throws(SpecGANError) {
    let sizes = GAN.attentionSizes(
      model, specgan, length: audio.sliceLength, isGrowing: network.isGrowing
    )
    .filter { $0 <= Configuration.mostAttentionPositions }
    guard network.attention > 0, !sizes.contains(network.attention) else { return }
    throw .value(
      place, key: "network.attention", value: String(network.attention),
      valid: "0, or a layer's number of positions along time: "
        + sizes.reversed().map(String.init).joined(separator: ", ")
        + (network.isGrowing ? " (with network.growing, layers that all levels have)" : ""))
  }

  private func validateBins(at place: SettingPlace) throws(SpecGANError) {
    guard spectrogram.mergedBins > 1 else {
      let length = 2 * specgan.bins
      return try require(
        "spectrogram.frame_length", spectrogram.frameLength, length...length, place,
        "for specgan.bins (=\(specgan.bins))")
    }
    guard spectrogram.bandCount - 1 != specgan.bins else { return }
    // bins = first + (half − first) / merged
    let (half, merged) = (spectrogram.frameLength / 2, spectrogram.mergedBins)
    let difference = merged * specgan.bins - half
    let first = difference / (merged - 1)
    guard difference.isMultiple(of: merged - 1), 0..<half ~= first else {
      throw .value(
        place, key: "spectrogram.merged_bins", value: String(merged),
        valid: "1, or a number by which \(half) bins, half of spectrogram.frame_length, become "
          + "specgan.bins (=\(specgan.bins))")
    }
    try require(
      "spectrogram.first_merged_bin", spectrogram.firstMergedBin, first...first, place,
      "for specgan.bins (=\(specgan.bins))")
  }

  private func require(
    _ key: String, _ value: Int, _ range: ClosedRange<Int>, _ place: SettingPlace,
    _ reason: String
  ) throws(SpecGANError) {
    guard !range.contains(value) else { return }
    let numbers =
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
    throw .value(place, key: key, value: String(value), valid: "\(numbers), \(reason)")
  }
}
