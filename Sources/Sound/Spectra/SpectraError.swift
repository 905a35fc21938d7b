/// Why a spectrogram could not be made or turned back into sound.
public enum SpectraError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `spectrogram.frame_length` cannot be transformed.
  case frameLength(found: Int)
  /// `spectrogram.frame_step` leaves samples that no frame sees well.
  case frameStep(found: Int, frameLength: Int)
  /// `spectrogram.log_floor` is not in ``SpectrogramConfiguration/logFloors``.
  case logFloor(found: Float)
  /// `spectrogram.clip_deviations` is not in ``SpectrogramConfiguration/clipRange``.
  case clipDeviations(found: Float)
  /// `inversion.iterations` is not in ``InversionConfiguration/iterationCounts``.
  case iterations(found: Int)
  /// `inversion.iterations` for a method that makes none.
  case noIterations(found: Int)
  /// There was no memory for `byteCount` bytes.
  case outOfMemory(byteCount: Int)
  /// FFTW has no plan for this transform.
  case unplannable(length: Int, batch: Int)
  /// A spectrogram or its moments have `found` bins where the configuration has `expected`.
  case binCount(found: Int, expected: Int)
  /// A spectrogram without frames.
  case noFrames
  /// A spectrogram of `frameCount` frames cannot be that of `found` samples.
  case length(found: Int, frameCount: Int, possible: ClosedRange<Int>)
  /// A magnitude that is negative or not finite.
  case magnitude(found: Float, frame: Int, bin: Int)
  /// Moments with `means` means and `deviations` deviations.
  case momentCounts(means: Int, deviations: Int)
  /// A mean or deviation that is not finite, or a negative deviation.
  case moment(mean: Float, deviation: Float, bin: Int)

  /// A sentence: what, where, and what to do.
  public var description: String {
    switch self {
    case .frameLength(let found):
      "spectrogram.frame_length is \(found); use an even number from \(Range.lengths)."
    case .frameStep(let found, let frameLength):
      "spectrogram.frame_step is \(found); use 1 to \(frameLength / 2), half of frame_length."
    case .logFloor(let found):
      "spectrogram.log_floor is \(found); use a number above 0 and up to \(Range.largestFloor)."
    case .clipDeviations(let found):
      "spectrogram.clip_deviations is \(found); use a number above 0 and up to \(Range.widest)."
    case .iterations(let found):
      "inversion.iterations is \(found); use \(Range.iterations)."
    case .noIterations(let found):
      "inversion.iterations is \(found) and pghi makes none; "
        + "leave it out, or use fast, which begins as pghi."
    case .outOfMemory(let byteCount):
      "No memory for \(byteCount) bytes of spectra; use shorter frames or fewer threads."
    case .unplannable(let length, let batch):
      "FFTW cannot plan \(batch) transforms of \(length) samples; use another frame_length."
    case .binCount(let found, let expected):
      "The spectrogram or its moments have \(found) bins and the configuration \(expected); "
        + "use the configuration they were made with."
    case .noFrames:
      "The spectrogram has no frames; give at least one."
    case .length(let found, let frameCount, let possible):
      "A spectrogram of \(frameCount) frames cannot become \(found) samples; "
        + "ask for \(possible.lowerBound) to \(possible.upperBound)."
    case .magnitude(let found, let frame, let bin):
      "The magnitude in frame \(frame), bin \(bin) is \(found); "
        + "give magnitudes that are linear, finite and not negative."
    case .momentCounts(let means, let deviations):
      "The moments hold \(means) means and \(deviations) deviations; give one of each per bin."
    case .moment(let mean, let deviation, let bin):
      "The moments of bin \(bin) are mean \(mean) and deviation \(deviation); "
        + "give finite ones, and no negative deviation."
    }
  }

  /// The ranges of settings, as sentences say them.
  private enum Range {
    static let lengths = text(SpectrogramConfiguration.frameLengths)
    static let iterations = text(InversionConfiguration.iterationCounts)
    static let largestFloor = SpectrogramConfiguration.logFloors.upperBound
    static let widest = SpectrogramConfiguration.clipRange.upperBound

    private static func text(_ range: ClosedRange<Int>) -> String {
      "\(range.lowerBound) to \(range.upperBound)"
    }
  }
}
