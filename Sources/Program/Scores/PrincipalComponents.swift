package import SpecGANErrors
package import SpecGANWorkers

/// The principal components of some features.
///
/// Source: Jolliffe, "Principal Component Analysis", 2nd edition, 2002, section 1.1.
public struct PrincipalComponents: Equatable, Sendable {
  /// The number of elements in a component.
  public let dimension: Int
  /// The mean of the features, `[dimension]`.
  public let mean: [Float]
  /// The components: orthogonal unit vectors, `[dimension, dimension]`, that of the largest
  /// variance first.
  ///
  /// The sign of a component is arbitrary; here its element of the largest magnitude is positive.
  public let components: [Float]
  /// The sample variance along each component, divided by one less than the number of rows.
  public let variances: [Double]

  /// The share of the total variance along each component; the sum is 1.
  public var shares: [Double] {
    let total = variances.reduce(0, +)
    return variances.map { $0 / total }
  }

  /// Component `index`.
  public subscript(index: Int) -> ArraySlice<Float> {
    components[index * dimension..<(index + 1) * dimension]
  }

  /// Computes the components of `features`.
  ///
  /// - Throws: ``SpecGANError`` if there are fewer than two rows, or all are equal.
  package init(of features: Features, workers: Workers) throws(SpecGANError) {
    let fit = try GaussianFit(features, workers)
    let decomposition = try fit.covariance.decomposition()
    let size = features.dimension
    dimension = size
    mean = fit.mean.map(Float.init)
    // A covariance has no negative eigenvalues, except for rounding.
    variances = decomposition.values.map { max($0, 0) }
    components = (0..<size).flatMap { index -> [Float] in
      let vector = decomposition.vectors[index * size..<(index + 1) * size]
      let largest = vector.max { abs($0) < abs($1) } ?? 0
      return vector.map { Float(largest < 0 ? -$0 : $0) }
    }
    // The mean of equal rows may have a rounding error, whose square is then the variance.
    let scale = fit.mean.reduce(0) { max($0, abs($1)) }
    guard variances[0] > 1e-24 * scale * scale else { throw .constant(what: "rows") }
  }
}
