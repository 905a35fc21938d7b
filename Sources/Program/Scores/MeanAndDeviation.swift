internal import SpecGANErrors

/// A mean over parts of a set, and the deviation of the parts.
public struct MeanAndDeviation: Equatable, Sendable {
  /// The mean.
  public let mean: Double
  /// The population standard deviation.
  public let deviation: Double

  /// Of `values`.
  ///
  /// - Precondition: there is at least one.
  package init(of values: [Double]) {
    require(!values.isEmpty, "nothing has no mean")
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    deviation = (squares / Double(values.count)).squareRoot()
  }
}

/// The mean product of what `first` and `second` are from their means.
///
/// - Precondition: they are as many, and there is at least one.
package func covariance(_ first: [Double], _ second: [Double]) -> Double {
  require(first.count == second.count, "\(first.count) numbers beside \(second.count)")
  let (x, y) = (MeanAndDeviation(of: first).mean, MeanAndDeviation(of: second).mean)
  let products = zip(first, second).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
  return products / Double(first.count)
}
