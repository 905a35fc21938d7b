internal import RealModule

/// Log-magnitudes to the networks' numbers in `[−1, 1]`, and back.
///
/// `y = clip((ln − mean) / deviation / clipDeviations, ±1)`, bin by bin, without the Nyquist bin.
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.2 and
/// footnote 2.
public struct SpectrogramNormalizer: Sendable {
  /// What the log-magnitudes are measured against.
  public let moments: Moments
  /// Bins of a normalised frame: all but the Nyquist bin.
  public var normalizedBinCount: Int { moments.mean.count - 1 }
  /// Per bin, what is ±1 beside the mean: `deviation · clipDeviations`.
  private let range: [Float]

  /// A normalizer against `moments`.
  ///
  /// - Throws: ``SpectraError`` where a setting is out of range or the moments have other bins.
  public init(
    configuration: SpectrogramConfiguration, moments: Moments
  ) throws(SpectraError) {
    try configuration.check()
    guard moments.mean.count == configuration.binCount else {
      throw .binCount(found: moments.mean.count, expected: configuration.binCount)
    }
    self.moments = moments
    range = moments.deviation.map { $0 * configuration.clipDeviations }
  }

  /// Normalises `logMagnitudes`, `[frames, bins]`, into `normalized`, `[frames, bins − 1]`.
  ///
  /// Exact to 2 roundings of the larger of log-magnitude and mean, over the deviations that are ±1.
  /// - Precondition: both have the same frames.
  public func normalize(
    logMagnitudes: Span<Float>, into normalized: inout MutableSpan<Float>
  ) {
    let kept = normalizedBinCount
    let frames = logMagnitudes.count / (kept + 1)
    precondition(
      logMagnitudes.count == frames * (kept + 1) && normalized.count == frames * kept,
      "\(logMagnitudes.count) log-magnitudes do not normalise into \(normalized.count) numbers")
    for frame in 0..<frames {
      for bin in 0..<kept {
        let distance = logMagnitudes[frame * (kept + 1) + bin] - moments.mean[bin]
        normalized[frame * kept + bin] = min(max(distance / range[bin], -1), 1)
      }
    }
  }

  /// The magnitudes that `normalized`, `[frames, bins − 1]`, stands for.
  ///
  /// The dropped bin comes back as its log-mean, and `logFloor` is not subtracted, as the published
  /// code does.
  /// - Precondition: `normalized` holds whole frames.
  public func magnitudes(of normalized: Span<Float>) -> MagnitudeSpectrogram {
    let kept = normalizedBinCount
    let frames = normalized.count / kept
    precondition(
      normalized.count == frames * kept,
      "\(normalized.count) numbers are not whole frames of \(kept) bins")
    var values: [Float] = []
    values.reserveCapacity(frames * (kept + 1))
    for frame in 0..<frames {
      for bin in 0..<kept {
        values.append(.exp(normalized[frame * kept + bin] * range[bin] + moments.mean[bin]))
      }
      values.append(.exp(moments.mean[kept]))
    }
    return MagnitudeSpectrogram(
      frameCount: frames, binCount: kept + 1, values: values, framing: .published)
  }
}
