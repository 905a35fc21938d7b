package import SpecGANErrors
package import SpecGANWorkers

/// The directions in which some features vary most, at right angles to each other.
///
/// Source: Jolliffe, "Principal Component Analysis", 2nd edition, 2002, section 1.1.
public struct PrincipalComponents: Equatable, Sendable {
  /// The number of elements of a component.
  public let dimension: Int
  /// The features' mean, `[dimension]`.
  public let mean: [Float]
  /// Unit vectors, `[dimension, dimension]`, the one of the largest variance first.
  ///
  /// A component's sign is arbitrary; here its number of the largest magnitude is positive.
  public let components: [Float]
  /// The variance along each component, of the sample: divided by one less than there are rows.
  public let variances: [Double]

  /// The part of the whole variance along each component; they add up to one.
  public var shares: [Double] {
    let total = variances.reduce(0, +)
    return variances.map { $0 / total }
  }

  /// Component number `index`.
  public subscript(index: Int) -> ArraySlice<Float> {
    components[index * dimension..<(index + 1) * dimension]
  }

  /// The components of `features`.
  ///
  /// - Throws: ``SpecGANError`` where there are fewer than two rows, or all are the same.
  package init(of features: Features, workers: Workers) throws(SpecGANError) {
    let fit = try GaussianFit(features, workers)
    let decomposition = try fit.covariance.decomposition()
    let size = features.dimension
    dimension = size
    mean = fit.mean.map(Float.init)
    // The covariance of anything has no negative eigenvalues; rounding makes some of zeros.
    variances = decomposition.values.map { max($0, 0) }
    components = (0..<size).flatMap { index -> [Float] in
      let vector = decomposition.vectors[index * size..<(index + 1) * size]
      let largest = vector.max { abs($0) < abs($1) } ?? 0
      return vector.map { Float(largest < 0 ? -$0 : $0) }
    }
    // Equal rows have a mean that may be off by a rounding, and so a variance of its square.
    let scale = fit.mean.reduce(0) { max($0, abs($1)) }
    guard variances[0] > 1e-24 * scale * scale else { throw .constant(what: "rows") }
  }
}
