/// Why a spectrogram could not be made or turned back into sound.
public enum SpectraError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `spectrogram.frame_length` cannot be transformed.
  case frameLength(found: Int)
  /// `spectrogram.frame_step` leaves samples that no frame sees well.
  case frameStep(found: Int, frameLength: Int)
  /// `spectrogram.log_floor` is no positive number.
  case logFloor(found: Float)
  /// `spectrogram.clip_deviations` is no positive number.
  case clipDeviations(found: Float)
  /// `inversion.iterations` is no count.
  case iterations(found: Int)
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
    case .frameLength, .frameStep, .logFloor, .clipDeviations, .iterations: settingSentence
    case .outOfMemory, .unplannable: resourceSentence
    case .binCount, .noFrames, .length, .magnitude, .momentCounts, .moment: dataSentence
    }
  }

  private var settingSentence: String {
    switch self {
    case .frameLength(let found):
      """
      spectrogram.frame_length is \(found); use an even number from 2 to \
      \(SpectrogramConfiguration.longestFrame).
      """
    case .frameStep(let found, let frameLength):
      """
      spectrogram.frame_step is \(found); use 1 to \(frameLength / 2), half of frame_length, so \
      that every sample is seen.
      """
    case .logFloor(let found):
      "spectrogram.log_floor is \(found); use a positive number, 1.0e-6 as published."
    case .clipDeviations(let found):
      "spectrogram.clip_deviations is \(found); use a positive number, 3 as published."
    case .iterations(let found):
      "inversion.iterations is \(found); use 0 or more."
    default: ""
    }
  }

  private var resourceSentence: String {
    switch self {
    case .outOfMemory(let byteCount):
      "No memory for \(byteCount) bytes of spectra; use shorter frames or fewer threads."
    case .unplannable(let length, let batch):
      "FFTW cannot plan \(batch) transforms of \(length) samples; use another frame_length."
    default: ""
    }
  }

  private var dataSentence: String {
    switch self {
    case .binCount(let found, let expected):
      """
      The spectrogram or its moments have \(found) bins and the configuration \(expected); use the \
      configuration they were made with.
      """
    case .noFrames:
      "The spectrogram has no frames; give at least one."
    case .length(let found, let frameCount, let possible):
      """
      A spectrogram of \(frameCount) frames cannot become \(found) samples; ask for \
      \(possible.lowerBound) to \(possible.upperBound).
      """
    case .magnitude(let found, let frame, let bin):
      """
      The magnitude in frame \(frame), bin \(bin) is \(found); magnitudes are linear, finite \
      and not negative.
      """
    case .momentCounts(let means, let deviations):
      "The moments hold \(means) means and \(deviations) deviations; they need one of each per bin."
    case .moment(let mean, let deviation, let bin):
      """
      The moments of bin \(bin) are mean \(mean) and deviation \(deviation); both must be \
      finite and the deviation not negative.
      """
    default: ""
    }
  }
}
