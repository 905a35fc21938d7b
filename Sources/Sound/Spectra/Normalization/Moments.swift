public import SpecGANErrors

/// The mean and standard deviation of each bin's log-magnitudes over a dataset.
public struct Moments: Equatable, Sendable {
  /// The means of `ln(|X| + logFloor)`, `[bins]`.
  public let mean: [Float]
  /// The population standard deviations, `[bins]`, at least 10⁻⁴.
  public let deviation: [Float]

  /// The floor on a deviation.
  ///
  /// A band that never changes, silence above all, has none, and would be divided by zero. 10⁻⁴ is
  /// a thousandth of a decibel: far below any sound, far above the rounding of a logarithm.
  package static let smallestDeviation: Float = 1e-4

  /// Moments from a file or another program; deviations are brought up to the floor.
  ///
  /// - Throws: ``SpecGANError`` where the counts differ, a number is not finite or a deviation
  /// negative.
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
