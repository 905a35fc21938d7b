internal import CSpecGANKernels
internal import RealModule
public import SpecGANErrors

/// An encoder of clips into the pictures that a network is trained on, and a decoder.
///
/// A picture is a normalized spectrogram, `[frames, bins − 1]`, with elements in `[−1, 1]`:
/// `y = clip((ln(|X| + logFloor) − mean) / deviation / clipDeviations, ±1)`, bin by bin, without
/// the Nyquist bin. Decoding restores magnitudes and reconstructs their phases. If high bins are
/// merged (``SpectrogramConfiguration/mergedBins``), a picture's bins are the bands.
///
/// ```swift
/// let codec = try SpectrogramCodec(configuration: .init(), moments: moments)
/// let picture = try codec.encode(clip.span)
/// let (magnitudes, samples) = try codec.decode(picture.span)
/// ```
///
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.2 and
/// footnote 2.
public struct SpectrogramCodec: Sendable {
  /// The settings of the spectrograms.
  public let configuration: SpectrogramConfiguration
  /// The mean and the deviation of each bin's log-magnitudes.
  public let moments: Moments
  /// The number of bins of a normalized frame: all but the Nyquist bin.
  public var normalizedBinCount: Int { moments.mean.count - 1 }
  /// The difference from the mean that becomes ±1, per bin: `deviation · clipDeviations`.
  private let range: [Float]
  /// The bounds of decoded magnitudes; nil for none.
  private let bounds: Bounds?
  /// The merging of high bins; nil for none.
  private let merging: BinMerging?
  let inverter: Inverter

  /// Creates a codec.
  ///
  /// - Parameters:
  ///   - configuration: the settings of the spectrograms.
  ///   - moments: the moments of the dataset; for ``SpectrogramConfiguration/Normalization/range``
  ///     those of ``Moments/normalizing(_:)``.
  ///   - inversion: the settings of phase reconstruction.
  ///   - seed: the seed of the random phases; see ``Inverter``.
  /// - Throws: ``SpecGANError`` if a setting is out of range, or the moments have another number of
  ///   bins.
  public init(
    configuration: SpectrogramConfiguration, moments: Moments,
    inversion: InversionConfiguration = .init(), seed: UInt64 = 0
  ) throws(SpecGANError) {
    try configuration.check()
    guard moments.mean.count == configuration.bandCount else {
      throw .binCount(found: moments.mean.count, expected: configuration.bandCount)
    }
    self.configuration = configuration
    self.moments = moments
    range = moments.deviation.map { $0 * configuration.clipDeviations }
    bounds = Bounds(configuration, moments.peaks)
    merging = BinMerging(configuration)
    inverter = try Inverter(spectrogram: configuration, inversion: inversion, seed: seed)
  }
}

// MARK: - To a picture

extension SpectrogramCodec {
  /// Returns the picture of `clip`, the samples of one channel.
  ///
  /// Each call plans a transform; for many clips, keep an ``STFT`` and use
  /// ``normalize(logMagnitudes:into:)``.
  /// - Throws: ``SpecGANError`` if the transform cannot be planned.
  public func encode(_ clip: Span<Float>) throws(SpecGANError) -> [Float] {
    var stft = try STFT(configuration)
    let logMagnitudes = stft.logBandMagnitudes(of: clip)
    let frames = logMagnitudes.count / configuration.bandCount
    var picture = [Float](repeating: 0, count: frames * normalizedBinCount)
    var elements = picture.mutableSpan
    normalize(logMagnitudes: logMagnitudes.span, into: &elements)
    return picture
  }

  /// Normalizes `logMagnitudes`, `[frames, bands]`, into `normalized`, `[frames, bands − 1]`.
  ///
  /// Bands are the bins, unless the settings merge some; see ``STFT/logBandMagnitudes(of:)``.
  /// The error is at most 2 roundings of the larger of log-magnitude and mean, divided by the
  /// difference that becomes ±1.
  /// - Precondition: both have the same number of frames.
  public func normalize(
    logMagnitudes: Span<Float>, into normalized: inout MutableSpan<Float>
  ) {
    normalize(logMagnitudes, binsOfRow: normalizedBinCount + 1, into: &normalized)
  }

  /// Normalizes log-magnitudes that lack the Nyquist bin, `[frames, bands − 1]`, into `normalized`.
  ///
  /// - Precondition: both have the same number of frames.
  package func normalize(
    withoutNyquist logMagnitudes: Span<Float>, into normalized: inout MutableSpan<Float>
  ) {
    normalize(logMagnitudes, binsOfRow: normalizedBinCount, into: &normalized)
  }

  private func normalize(
    _ logMagnitudes: Span<Float>, binsOfRow: Int, into normalized: inout MutableSpan<Float>
  ) {
    let kept = normalizedBinCount
    let frames = logMagnitudes.count / binsOfRow
    require(
      logMagnitudes.count == frames * binsOfRow && normalized.count == frames * kept,
      "\(logMagnitudes.count) log-magnitudes do not normalize into \(normalized.count) elements")
    for frame in 0..<frames {
      let logs = logMagnitudes.extracting(frame * binsOfRow..<(frame + 1) * binsOfRow)
      unsafe normalized.withAddress(of: frame * kept) { result in
        unsafe withMoments(logs) { unsafe specgan_normalize($0, $1, $2, kept, result) }
      }
    }
  }
}

// MARK: - From a picture

extension SpectrogramCodec {
  /// Decodes `picture` into magnitudes and a clip with these magnitudes.
  ///
  /// - Parameters:
  ///   - picture: the elements, `[frames, bins − 1]`.
  ///   - clip: the index of the clip, which determines random phases.
  /// - Returns: the magnitudes, and samples of one channel.
  /// - Precondition: The number of elements is a multiple of ``normalizedBinCount``.
  /// - Throws: ``SpecGANError`` if an element is not finite or its magnitude overflows.
  public func decode(
    _ picture: Span<Float>, clip: UInt32 = 0
  ) throws(SpecGANError) -> (magnitudes: MagnitudeSpectrogram, samples: [Float]) {
    let magnitudes = magnitudes(of: picture)
    return (magnitudes, try samples(of: magnitudes, clip: clip))
  }

  /// Returns the linear magnitudes of `normalized`, `[frames, bins − 1]`.
  ///
  /// The dropped bin gets the exponential of its mean. By default, as in the reference, `logFloor`
  /// is not subtracted and magnitudes have no upper bound; see
  /// ``SpectrogramConfiguration/subtractsFloor`` and ``SpectrogramConfiguration/headroom``.
  /// - Precondition: the number of elements is a multiple of the number of bins.
  public func magnitudes(of normalized: Span<Float>) -> MagnitudeSpectrogram {
    let kept = normalizedBinCount
    let frames = normalized.count / kept
    require(
      normalized.count == frames * kept,
      "\(normalized.count) elements are not whole frames of \(kept) bins")
    var values = [Float](repeating: .exp(moments.mean[kept]), count: frames * (kept + 1))
    var magnitudes = values.mutableSpan
    for frame in 0..<frames {
      unsafe magnitudes.withAddress(of: frame * (kept + 1)) { result in
        unsafe withMoments(normalized.extracting(frame * kept..<(frame + 1) * kept)) {
          unsafe specgan_denormalize($0, $1, $2, kept, result)
        }
      }
    }
    if let bounds { bounds.apply(to: &magnitudes) }
    if configuration.subtractsFloor {
      for index in magnitudes.indices {
        // NaN stays NaN.
        let rest = magnitudes[index] - configuration.logFloor
        magnitudes[index] = rest < 0 ? 0 : rest
      }
    }
    return MagnitudeSpectrogram(
      frameCount: frames, binCount: configuration.binCount,
      values: merging?.spread(values) ?? values, framing: .published)
  }

  /// Reconstructs the samples of `magnitudes`.
  ///
  /// - Parameters:
  ///   - magnitudes: the magnitudes, with the number of bins of the configuration.
  ///   - clip: the index of the clip, which determines random phases.
  /// - Returns: samples of one channel, a multiple of the frame step.
  /// - Throws: ``SpecGANError`` if there are other numbers of bins, no frames, or an element that
  ///   is negative or not finite.
  public func samples(
    of magnitudes: MagnitudeSpectrogram, clip: UInt32 = 0
  ) throws(SpecGANError) -> [Float] {
    try inverter.invert(magnitudes, clip: clip)
  }

  /// Calls `body` with the addresses of `frame`, of the means and of the ranges.
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

// MARK: - Bounds

extension SpectrogramCodec {
  /// The upper bounds of magnitudes and of the levels of frames, from the largest ones of a
  /// dataset.
  package struct Bounds: Sendable {
    /// The largest magnitude of each bin, plus the floor.
    package let bins: [Float]
    /// The largest square root of the sum of a frame's squares.
    package let frame: Float

    /// Returns nil if `configuration` has no headroom, or the largest magnitudes are not known.
    package init?(_ configuration: SpectrogramConfiguration, _ peaks: Peaks?) {
      guard let headroom = configuration.headroom, let peaks else { return nil }
      let nepers = headroom * .log(10) / 20
      bins = peaks.bins.map { .exp($0 + nepers) }
      frame = .exp(peaks.frame + nepers / 3)
    }

    /// Lowers magnitudes, `[frames, bins]`, to the bounds; NaN stays NaN.
    func apply(to magnitudes: inout MutableSpan<Float>) {
      for first in stride(from: 0, to: magnitudes.count, by: bins.count) {
        var sum = 0.0
        for bin in bins.indices {
          let magnitude = magnitudes[first + bin]
          let bounded = magnitude > bins[bin] ? bins[bin] : magnitude
          magnitudes[first + bin] = bounded
          sum += Double(bounded) * Double(bounded)
        }
        let level = sum.squareRoot()
        guard level > Double(frame) else { continue }
        let factor = Float(Double(frame) / level)
        for bin in bins.indices { magnitudes[first + bin] *= factor }
      }
    }
  }
}
