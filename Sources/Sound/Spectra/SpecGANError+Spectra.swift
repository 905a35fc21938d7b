package import SpecGANErrors

/// The allowed values of settings, as texts for messages.
private enum Allowed {
  static let frameLengths = text(SpectrogramConfiguration.frameLengths)
  static let mergedBins = text(SpectrogramConfiguration.mergedBinCounts)
  static let iterations = text(InversionConfiguration.iterationCounts)
  static let largestFloor = SpectrogramConfiguration.logFloors.upperBound
  static let widestClip = SpectrogramConfiguration.clipRange.upperBound

  private static func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}

extension SpecGANError.Code {
  /// The code of a magnitude that is negative or not finite.
  package static let magnitude: Self = "spectra.magnitude"
}

extension SpecGANError {
  /// The setting `key` has the value `found`, which is out of range.
  private init(setting key: String, _ code: Code, found: String, allowed: String) {
    self.init(
      .badSetting, code, "\(key) is \(found)", advice: "use \(allowed).", key: key, found: found,
      allowed: allowed)
  }

  /// `spectrogram.frame_length` is odd or out of range.
  package static func frameLength(found: Int) -> SpecGANError {
    SpecGANError(
      setting: "spectrogram.frame_length", "spectra.frameLength", found: "\(found)",
      allowed: "an even number from \(Allowed.frameLengths)")
  }

  /// `spectrogram.frame_step` is out of range, or more than half of the frame length.
  package static func frameStep(found: Int, frameLength: Int) -> SpecGANError {
    SpecGANError(
      setting: "spectrogram.frame_step", "spectra.frameStep", found: "\(found)",
      allowed: "1 to \(frameLength / 2), half of frame_length")
  }

  /// `spectrogram.merged_bins` is not in ``SpectrogramConfiguration/mergedBinCounts``.
  package static func mergedBins(found: Int) -> SpecGANError {
    SpecGANError(
      setting: "spectrogram.merged_bins", "spectra.mergedBins", found: "\(found)",
      allowed: Allowed.mergedBins)
  }

  /// Returns the values of `spectrogram.first_merged_bin` with which all bands are whole, in words.
  package static func firstMergedBins(merged: Int, frameLength: Int) -> String {
    "a bin below \(frameLength / 2) (half of spectrogram.frame_length), at a distance from it that is "
      + "a multiple of spectrogram.merged_bins (=\(merged))"
  }

  /// The bins from `spectrogram.first_merged_bin` on are not whole bands of `merged` bins.
  package static func firstMergedBin(found: Int, merged: Int, frameLength: Int) -> SpecGANError {
    SpecGANError(
      setting: "spectrogram.first_merged_bin", "spectra.firstMergedBin", found: "\(found)",
      allowed: firstMergedBins(merged: merged, frameLength: frameLength))
  }

  /// `spectrogram.log_floor` is not in ``SpectrogramConfiguration/logFloors``.
  package static func logFloor(found: Float) -> SpecGANError {
    SpecGANError(
      setting: "spectrogram.log_floor", "spectra.logFloor", found: "\(found)",
      allowed: "a number above 0 and up to \(Allowed.largestFloor)")
  }

  /// `spectrogram.clip_deviations` is not in ``SpectrogramConfiguration/clipRange``.
  package static func clipDeviations(found: Float) -> SpecGANError {
    SpecGANError(
      setting: "spectrogram.clip_deviations", "spectra.clipDeviations", found: "\(found)",
      allowed: "a number above 0 and up to \(Allowed.widestClip)")
  }

  /// `spectrogram.headroom` is not in ``SpectrogramConfiguration/headrooms``.
  package static func headroom(found: Float) -> SpecGANError {
    SpecGANError(
      setting: "spectrogram.headroom", "spectra.headroom", found: "\(found)",
      allowed: "none or \(Int(SpectrogramConfiguration.headrooms.lowerBound)) to "
        + "\(Int(SpectrogramConfiguration.headrooms.upperBound)) dB")
  }

  /// The sample rate is too low for the highest band of a mel spectrogram.
  package static func melSampleRate(found: Int) -> SpecGANError {
    let allowed = "at least \(MelSpectrogram.leastSampleRate), twice the highest band"
    return SpecGANError(
      .badSetting, "spectra.melSampleRate", "The sample rate is \(found)",
      advice: "use \(allowed).", key: "audio.sample_rate", found: "\(found)", allowed: allowed)
  }

  /// `inversion.iterations` is not in ``InversionConfiguration/iterationCounts``.
  package static func iterations(found: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.iterations",
      "inversion.iterations is \(found)",
      advice: "use \(Allowed.iterations).", found: "\(found)")
  }

  /// `inversion.iterations` is set for a method without iterations.
  package static func noIterations(found: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.noIterations",
      "inversion.iterations is \(found), but pghi has no iterations",
      advice: "leave it out, or use the method fast.", found: "\(found)")
  }

  /// Allocating `byteCount` bytes failed.
  package static func outOfMemory(byteCount: Int) -> SpecGANError {
    SpecGANError(
      .noMemory, "spectra.outOfMemory",
      "Out of memory: \(byteCount) bytes of spectra cannot be allocated",
      advice: "use shorter frames or fewer threads.")
  }

  /// FFTW has no plan for this transform.
  package static func unplannable(length: Int, batch: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.unplannable",
      "FFTW cannot plan \(batch) transforms of \(length) samples",
      advice: "use another frame_length.")
  }

  /// A spectrogram or its moments have `found` bins or bands, and the configuration `expected`.
  package static func binCount(found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.binCount",
      "The spectrogram or its moments have \(found) bins, the configuration \(expected)",
      advice: "use the configuration that they were computed with.", found: "\(found)")
  }

  /// A spectrogram has no frames.
  package static var noFrames: SpecGANError {
    SpecGANError(
      .badData, "spectra.noFrames",
      "The spectrogram has no frames",
      advice: "pass at least one frame.")
  }

  /// A spectrogram of `frameCount` frames does not fit a signal of `found` samples.
  package static func length(found: Int, frameCount: Int, possible: ClosedRange<Int>)
    -> SpecGANError
  {
    SpecGANError(
      .badData, "spectra.length",
      "A spectrogram of \(frameCount) frames cannot give \(found) samples",
      advice: "request \(possible.lowerBound) to \(possible.upperBound) samples.",
      found: "\(found)")
  }

  /// A magnitude is negative or not finite.
  package static func magnitude(found: Float, frame: Int, bin: Int) -> SpecGANError {
    SpecGANError(
      .badData, .magnitude,
      "The magnitude in frame \(frame), bin \(bin) is \(found)",
      advice: "pass magnitudes that are linear, finite and not negative.", found: "\(found)")
  }

  /// Moments have different numbers of means and deviations.
  package static func momentCounts(means: Int, deviations: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.momentCounts",
      "The moments hold \(means) means and \(deviations) deviations",
      advice: "pass one of each per bin.")
  }

  /// The number of largest magnitudes is not that of the bins.
  package static func peakCount(found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.peakCount",
      "The moments of \(expected) bins hold \(found) largest magnitudes",
      advice: "pass one per bin.", found: "\(found)")
  }

  /// A largest magnitude is not finite; `bin` is the number of bins for that of frames.
  package static func peak(_ peak: Float, bin: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.peak", "The largest log-magnitude number \(bin) is \(peak)",
      advice: "pass finite ones.", found: "\(peak)")
  }

  /// A mean or deviation is not finite, or a deviation is negative.
  package static func moment(mean: Float, deviation: Float, bin: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.moment",
      "The moments of bin \(bin) are mean \(mean) and deviation \(deviation)",
      advice: "pass finite ones, and no negative deviation.")
  }
}
