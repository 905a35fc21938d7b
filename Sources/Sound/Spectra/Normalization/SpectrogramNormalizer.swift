internal import CSpecGANKernels
internal import RealModule
public import SpecGANErrors

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
  /// - Throws: ``SpecGANError`` where a setting is out of range or the moments have other bins.
  public init(
    configuration: SpectrogramConfiguration, moments: Moments
  ) throws(SpecGANError) {
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
      let logs = logMagnitudes.extracting(frame * (kept + 1)..<(frame + 1) * (kept + 1))
      unsafe normalized.withAddress(of: frame * kept) { result in
        unsafe withMoments(logs) { unsafe specgan_normalize($0, $1, $2, kept, result) }
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
    var values = [Float](repeating: .exp(moments.mean[kept]), count: frames * (kept + 1))
    var magnitudes = values.mutableSpan
    for frame in 0..<frames {
      unsafe magnitudes.withAddress(of: frame * (kept + 1)) { result in
        unsafe withMoments(normalized.extracting(frame * kept..<(frame + 1) * kept)) {
          unsafe specgan_denormalize($0, $1, $2, kept, result)
        }
      }
    }
    return MagnitudeSpectrogram(
      frameCount: frames, binCount: kept + 1, values: values, framing: .published)
  }

  /// Gives `body` the addresses of `frame`, of the means and of the ranges.
  private func withMoments(
    _ frame: Span<Float>,
    _ body: (UnsafePointer<Float>, _ means: UnsafePointer<Float>, _ ranges: UnsafePointer<Float>) ->
      Void
  ) {
    unsafe frame.withAddress { frame in
      unsafe moments.mean.span.withAddress { means in
        unsafe range.span.withAddress { unsafe body(frame, means, $0) }
      }
    }
  }
}
