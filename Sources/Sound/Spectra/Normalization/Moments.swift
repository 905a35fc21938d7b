public import SpecGANErrors

/// The mean and standard deviation of each bin's log-magnitudes over a dataset.
public struct Moments: Equatable, Sendable {
  /// The means of `ln(|X| + logFloor)`, `[bins]`.
  public let mean: [Float]
  /// The population standard deviations, `[bins]`, at least 10⁻⁴.
  public let deviation: [Float]

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
    guard mean.count == deviation.count, !mean.isEmpty else {
      throw .momentCounts(means: mean.count, deviations: deviation.count)
    }
    for bin in mean.indices {
      let (mean, deviation) = (mean[bin], deviation[bin])
      guard mean.isFinite, deviation.isFinite, deviation >= 0 else {
        throw .moment(mean: mean, deviation: deviation, bin: bin)
      }
    }
    self.init(checkedMean: mean, deviation: deviation)
  }

  init(checkedMean mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation.map { max($0, Self.smallestDeviation) }
  }
}
