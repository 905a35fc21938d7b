package import SpecGANErrors

/// The ranges of settings, as sentences say them.
private enum Allowed {
  static let frameLengths = text(SpectrogramConfiguration.frameLengths)
  static let iterations = text(InversionConfiguration.iterationCounts)
  static let largestFloor = SpectrogramConfiguration.logFloors.upperBound
  static let widestClip = SpectrogramConfiguration.clipRange.upperBound

  private static func text(_ range: ClosedRange<Int>) -> String {
    "\(range.lowerBound) to \(range.upperBound)"
  }
}

extension SpecGANError.Code {
  /// A magnitude is negative or not finite.
  package static let magnitude: Self = "spectra.magnitude"
}

extension SpecGANError {
  /// `spectrogram.frame_length` cannot be transformed.
  package static func frameLength(found: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.frameLength",
      "spectrogram.frame_length is \(found)",
      advice: "use an even number from \(Allowed.frameLengths).", found: "\(found)")
  }

  /// `spectrogram.frame_step` leaves samples that no frame sees well.
  package static func frameStep(found: Int, frameLength: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.frameStep",
      "spectrogram.frame_step is \(found)",
      advice: "use 1 to \(frameLength / 2), half of frame_length.", found: "\(found)")
  }

  /// `spectrogram.log_floor` is not in ``SpectrogramConfiguration/logFloors``.
  package static func logFloor(found: Float) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.logFloor",
      "spectrogram.log_floor is \(found)",
      advice: "use a number above 0 and up to \(Allowed.largestFloor).", found: "\(found)")
  }

  /// `spectrogram.clip_deviations` is not in ``SpectrogramConfiguration/clipRange``.
  package static func clipDeviations(found: Float) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.clipDeviations",
      "spectrogram.clip_deviations is \(found)",
      advice: "use a number above 0 and up to \(Allowed.widestClip).", found: "\(found)")
  }

  /// A sample rate too low for the highest band of a mel spectrogram.
  package static func melSampleRate(found: Int) -> SpecGANError {
    let allowed = "at least \(MelSpectrogram.leastSampleRate), twice the highest band"
    return SpecGANError(
      .badSetting, "spectra.melSampleRate", "The sample rate is \(found)",
      advice: "use \(allowed).", key: "The sample rate", found: "\(found)", allowed: allowed)
  }

  /// `inversion.iterations` is not in ``InversionConfiguration/iterationCounts``.
  package static func iterations(found: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.iterations",
      "inversion.iterations is \(found)",
      advice: "use \(Allowed.iterations).", found: "\(found)")
  }

  /// `inversion.iterations` for a method that makes none.
  package static func noIterations(found: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.noIterations",
      "inversion.iterations is \(found) and pghi makes none",
      advice: "leave it out, or use fast, which begins as pghi.", found: "\(found)")
  }

  /// There was no memory for `byteCount` bytes.
  package static func outOfMemory(byteCount: Int) -> SpecGANError {
    SpecGANError(
      .noMemory, "spectra.outOfMemory",
      "No memory for \(byteCount) bytes of spectra",
      advice: "use shorter frames or fewer threads.")
  }

  /// FFTW has no plan for this transform.
  package static func unplannable(length: Int, batch: Int) -> SpecGANError {
    SpecGANError(
      .badSetting, "spectra.unplannable",
      "FFTW cannot plan \(batch) transforms of \(length) samples",
      advice: "use another frame_length.")
  }

  /// A spectrogram or its moments have `found` bins where the configuration has `expected`.
  package static func binCount(found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.binCount",
      "The spectrogram or its moments have \(found) bins and the configuration \(expected)",
      advice: "use the configuration they were made with.", found: "\(found)")
  }

  /// A spectrogram without frames.
  package static var noFrames: SpecGANError {
    SpecGANError(
      .badData, "spectra.noFrames",
      "The spectrogram has no frames",
      advice: "give at least one.")
  }

  /// A spectrogram of `frameCount` frames cannot be that of `found` samples.
  package static func length(found: Int, frameCount: Int, possible: ClosedRange<Int>)
    -> SpecGANError
  {
    SpecGANError(
      .badData, "spectra.length",
      "A spectrogram of \(frameCount) frames cannot become \(found) samples",
      advice: "ask for \(possible.lowerBound) to \(possible.upperBound).", found: "\(found)")
  }

  /// A magnitude that is negative or not finite.
  package static func magnitude(found: Float, frame: Int, bin: Int) -> SpecGANError {
    SpecGANError(
      .badData, .magnitude,
      "The magnitude in frame \(frame), bin \(bin) is \(found)",
      advice: "give magnitudes that are linear, finite and not negative.", found: "\(found)")
  }

  /// Moments with `means` means and `deviations` deviations.
  package static func momentCounts(means: Int, deviations: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.momentCounts",
      "The moments hold \(means) means and \(deviations) deviations",
      advice: "give one of each per bin.")
  }

  /// A mean or deviation that is not finite, or a negative deviation.
  package static func moment(mean: Float, deviation: Float, bin: Int) -> SpecGANError {
    SpecGANError(
      .badData, "spectra.moment",
      "The moments of bin \(bin) are mean \(mean) and deviation \(deviation)",
      advice: "give finite ones, and no negative deviation.")
  }
}
