internal import RealModule
package import SpecGANErrors
package import SpecGANWorkers

// Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
// Equilibrium", 2017, equation 6, for any features; Kilgour et al., "Fréchet Audio Distance", 2019,
// for audio. Chong and Forsyth, "Effectively Unbiased FID and Inception Score", CVPR 2020, for the
// extrapolation, and Gui et al., "Adapting Fréchet Audio Distance for Generative Music Evaluation",
// 2024, for audio.

/// A Gaussian fitted to some features: their mean and covariance.
package struct GaussianFit: Sendable {
  package let mean: [Double]
  /// The sample covariance, divided by one less than the number of rows.
  package let covariance: SymmetricMatrix

  package init(_ features: Features, _ workers: Workers) throws(SpecGANError) {
    guard features.count > 1 else {
      throw .tooFew(what: "clips", found: features.count, needed: 2)
    }
    let size = features.dimension
    var sums = [Double](repeating: 0, count: size)
    for row in 0..<features.count {
      for (index, value) in features[row].enumerated() { sums[index] += Double(value) }
    }
    let mean = sums.map { $0 / Double(features.count) }
    self.mean = mean
    var covariance = [Double](repeating: 0, count: size * size)
    for first in stride(from: 0, to: features.count, by: Self.rowsPerPart) {
      let rows = first..<min(first + Self.rowsPerPart, features.count)
      let centered = Self.centered(features, rows, mean)
      let part = transposedProduct(centered, centered, size: size, workers)
      for place in part.indices { covariance[place] += part[place] }
    }
    self.covariance = SymmetricMatrix(size: size, covariance)
  }

  /// The number of rows in double precision at a time.
  private static let rowsPerPart = 4_096

  /// Returns the rows `rows` minus `mean`, divided by the root of one less than the number of all
  /// rows.
  private static func centered(
    _ features: Features, _ rows: Range<Int>, _ mean: [Double]
  ) -> [Double] {
    let scale = 1 / Double(features.count - 1).squareRoot()
    var values: [Double] = []
    values.reserveCapacity(rows.count * mean.count)
    for row in rows {
      for (value, mean) in zip(features[row], mean) {
        values.append((Double(value) - mean) * scale)
      }
    }
    return values
  }
}

/// A Gaussian fitted to the features of real clips.
public struct FrechetReference: Sendable {
  private let fit: GaussianFit
  /// A matrix `W` with `W Wᵀ` equal to the covariance, row by row.
  private let root: [Double]

  /// Fits a Gaussian to `real`.
  ///
  /// - Throws: ``SpecGANError`` if there are fewer than two clips.
  package init(_ real: Features, workers: Workers) throws(SpecGANError) {
    fit = try GaussianFit(real, workers)
    let size = fit.covariance.size
    let decomposition = try fit.covariance.decomposition()
    let scales = decomposition.values.map { max($0, 0).squareRoot() }
    root = (0..<size * size).map { place in
      let (row, column) = (place / size, place % size)
      return decomposition.vectors[column * size + row] * scales[column]
    }
  }

  /// Returns the Fréchet distance `|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)` to a Gaussian fitted to
  /// `generated`. Never negative.
  ///
  /// The trace of the root is the sum of the roots of the eigenvalues of `Wᵀ Σ₂ W`, with `Σ₁ = W
  /// Wᵀ`: a symmetric matrix with the eigenvalues of `Σ₁ Σ₂`. Rounding leaves 10⁻¹⁶ of the largest
  /// eigenvalue in place of zeros, so that each of them adds 10⁻⁸ of the largest root.
  /// - Throws: ``SpecGANError`` if there are fewer than two clips, or the dimensions differ.
  package func distance(
    to generated: Features, workers: Workers
  ) throws(SpecGANError) -> Double {
    guard generated.dimension == fit.mean.count else {
      throw .dimension(found: generated.dimension, expected: fit.mean.count)
    }
    let other = try GaussianFit(generated, workers)
    let size = other.covariance.size
    let half = transposedProduct(other.covariance.values, root, size: size, workers)
    let product = SymmetricMatrix(root, transposedTimes: half, size: size, workers)
    let roots = try product.eigenvalues().reduce(0) { $0 + max($1, 0).squareRoot() }
    let means = zip(fit.mean, other.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return max(means + fit.covariance.trace + other.covariance.trace - 2 * roots, 0)
  }
}

/// The Fréchet distance, extrapolated to infinitely many clips.
///
/// The sampling error in the covariance of `n` clips increases the distance by about a constant
/// over `n`. A line is fitted to the distances of subsets over `1 / n`; its value at zero is the
/// distance without that bias. All real clips are used each time.
///
/// The points lie on a line only if there are more clips than dimensions. With Gaussian features of
/// 128 dimensions of equal variance and 1,000 clips, subsets from 100 on overestimate the
/// correction by half, and those from 256 on by a tenth. Therefore the smallest subset has at least
/// twice as many clips as dimensions, and at least four times as many clips are needed.
public struct FrechetExtrapolation: Encodable, Equatable, Sendable {
  /// The line at `1 / n` = 0. It may be below zero by chance if the distance is about zero.
  public let distance: Double
  /// The slope of the line: the bias of `n` clips, times `n`.
  public let slope: Double
  /// The coefficient of determination r² of the line.
  public let determination: Double
  /// The number of clips in each subset.
  public let sizes: [Int]
  /// The distance of each subset.
  public let distances: [Double]

  /// The lower bound of the smallest subset's size.
  private static let smallest = 8

  /// Extrapolates the distance of `generated` from `reference` by subsets of increasing size, up to
  /// all clips.
  ///
  /// - Parameters:
  ///   - generated: the features of generated clips.
  ///   - reference: the real clips.
  ///   - steps: the number of subset sizes, evenly spaced.
  ///   - seed: the random seed of the subsets.
  ///   - workers: the threads to compute on; the result does not depend on them.
  /// - Throws: ``SpecGANError`` if there are too few clips, or the dimensions differ.
  package init(
    of generated: Features, from reference: FrechetReference, steps: Int = 15, seed: UInt64 = 0,
    workers: Workers
  ) throws(SpecGANError) {
    guard steps > 1 else { throw .setting(name: "steps", found: "\(steps)", allowed: "at least 2") }
    let enough = max(2 * generated.dimension, Self.smallest)
    guard generated.count >= 2 * enough else {
      throw .tooFew(what: "clips", found: generated.count, needed: 2 * enough)
    }
    let least = max(generated.count / 10, enough)
    sizes = (0..<steps).map { least + (generated.count - least) * $0 / (steps - 1) }
    var distances: [Double] = []
    for (row, size) in sizes.enumerated() {
      let subset = generated.subset(size, seed: seed, row: row)
      distances.append(try reference.distance(to: subset, workers: workers))
    }
    self.distances = distances
    let inverses = sizes.map { 1 / Double($0) }
    let (x, y) = (MeanAndDeviation(of: inverses), MeanAndDeviation(of: distances))
    let covariance = covariance(inverses, distances)
    slope = covariance / (x.deviation * x.deviation)
    distance = y.mean - slope * x.mean
    let product = x.deviation * y.deviation
    determination = product > 0 ? covariance * covariance / (product * product) : 1
  }
}
