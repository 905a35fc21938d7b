/// Why a sound could not be brought to another form.
public enum WaveformError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no rule for making `wanted` channels of `channels`.
  case unmixable(channels: Int, wanted: Int)
  /// The rate could not be changed; `reason` is libsoxr's, or that numbers overflowed.
  case unresampled(rate: Int, wanted: Int, reason: String)

  /// A sentence: what, and what to do.
  public var description: String {
    switch self {
    case .unmixable(let channels, let wanted):
      "\(channels) channels cannot become \(wanted); set audio.channels to 1 or to \(channels)."
    case .unresampled(let rate, let wanted, let reason):
      """
      \(rate) Hz could not be resampled to \(wanted) Hz: \(reason); leave the sound out, or set \
      audio.sample_rate to \(rate).
      """
    }
  }
}
