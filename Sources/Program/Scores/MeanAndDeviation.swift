internal import SpecGANErrors

/// A mean and a population standard deviation.
public struct MeanAndDeviation: Equatable, Sendable {
  /// The mean.
  public let mean: Double
  /// The population standard deviation.
  public let deviation: Double

  /// Computes the mean and the deviation of `values`.
  ///
  /// - Precondition: `values` is not empty.
  package init(of values: [Double]) {
    require(!values.isEmpty, "a mean needs at least one value")
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = (squares / Double(values.count)).squareRoot()
  }
}

/// The standard normal distribution.
package enum StandardNormal {
  /// The magnitude that is exceeded with a probability of 0.05.
  package static let twentieth = 1.959963984540054
}

/// Returns the population covariance of `first` and `second`.
///
/// - Precondition: They are not empty and have the same count.
package func covariance(_ first: [Double], _ second: [Double]) -> Double {
  require(first.count == second.count, "\(first.count) values and \(second.count)")
  let (x, y) = (MeanAndDeviation(of: first).mean, MeanAndDeviation(of: second).mean)
  let products = zip(first, second).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
  return products / Double(first.count)
}
