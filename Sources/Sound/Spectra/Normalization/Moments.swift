internal import RealModule
public import SpecGANErrors

/// The mean and standard deviation of each bin's log-magnitudes over a dataset.
public struct Moments: Equatable, Sendable {
  /// The means of `ln(|X| + logFloor)`, `[bins]`.
  public let mean: [Float]
  /// The population standard deviations, `[bins]`, at least 10⁻⁴.
  public let deviation: [Float]
  /// The largest magnitudes; nil if they are not known, as in files of version 0.2 and before.
  package let peaks: Peaks?

  /// The smallest deviation.
  ///
  /// A constant bin, silence above all, has a deviation of 0, which cannot be a divisor. 10⁻⁴ is a
  /// thousandth of a decibel: far below that of any audio, far above the rounding error of a
  /// logarithm.
  package static let smallestDeviation: Float = 1e-4

  /// Creates moments from a file or another program; smaller deviations become the smallest.
  ///
  /// - Throws: ``SpecGANError`` if the counts differ, an element is not finite, or a deviation is
  ///   negative.
  public init(mean: [Float], deviation: [Float]) throws(SpecGANError) {
    try self.init(mean: mean, deviation: deviation, peaks: nil)
  }

  /// Creates moments with the largest magnitudes.
  ///
  /// - Throws: the errors of ``init(mean:deviation:)``, also for `peaks`.
  package init(mean: [Float], deviation: [Float], peaks: Peaks?) throws(SpecGANError) {
    guard mean.count == deviation.count, !mean.isEmpty else {
      throw .momentCounts(means: mean.count, deviations: deviation.count)
    }
    for bin in mean.indices {
      let (mean, deviation) = (mean[bin], deviation[bin])
      guard mean.isFinite, deviation.isFinite, deviation >= 0 else {
        throw .moment(mean: mean, deviation: deviation, bin: bin)
      }
    }
    if let peaks {
      guard peaks.bins.count == mean.count else {
        throw .peakCount(found: peaks.bins.count, expected: mean.count)
      }
      for (bin, peak) in (peaks.bins + [peaks.frame]).enumerated() where !peak.isFinite {
        throw .peak(peak, bin: bin)
      }
    }
    self.init(checkedMean: mean, deviation: deviation, peaks: peaks)
  }

  init(checkedMean mean: [Float], deviation: [Float], peaks: Peaks?) {
    self.mean = mean
    self.deviation = deviation.map { max($0, Self.smallestDeviation) }
    self.peaks = peaks
  }
}

/// The largest magnitudes of a dataset, which bound decoded ones; see
/// ``SpectrogramConfiguration/headroom``.
package struct Peaks: Equatable, Sendable {
  /// The largest `ln(|X| + logFloor)` of each bin, `[bins]`.
  package let bins: [Float]
  /// The largest level of a frame: `½ ln Σ (|X| + logFloor)²` over its bins.
  package let frame: Float

  package init(bins: [Float], frame: Float) { (self.bins, self.frame) = (bins, frame) }
}

// MARK: - Normalization by range

extension Moments {
  /// The margin above the largest magnitudes, in nepers: 3 dB.
  private static let margin: Float = 3 * .log(10) / 20
  /// The number of neighbors on each side over which the largest magnitudes are smoothed.
  private static let smoothing = 2
  /// The smallest range from silence to +1, in nepers.
  private static let smallestRange: Float = 1

  /// Returns the moments by which spectrograms with the settings `configuration` are normalized.
  ///
  /// For ``SpectrogramConfiguration/Normalization/range``, the mean and the deviation are those
  /// that map the floor to −1, and each bin's largest magnitude to slightly less than +1. So other
  /// programs need to know only one kind of normalization. The mean of the Nyquist bin, which
  /// decoding restores, remains.
  public func normalizing(_ configuration: SpectrogramConfiguration) -> Moments {
    guard configuration.normalization == .range, let peaks else { return self }
    let floor = Float.log(configuration.logFloor)
    let halves = peaks.bins.indices.map { bin in
      let neighbors = peaks.bins[
        max(bin - Self.smoothing, 0)...min(bin + Self.smoothing, peaks.bins.count - 1)]
      let smooth = neighbors.reduce(0, +) / Float(neighbors.count)
      return max(max(peaks.bins[bin], smooth) + Self.margin - floor, Self.smallestRange) / 2
    }
    return Moments(
      checkedMean: halves.dropLast().map { floor + $0 } + mean.suffix(1),
      deviation: halves.map { $0 / configuration.clipDeviations }, peaks: peaks)
  }
}
