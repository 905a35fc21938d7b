internal import RealModule
package import SpecGANErrors
package import SpecGANWorkers

// Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
// Equilibrium", 2017, equation 6, of any features; Kilgour et al., "Fréchet Audio Distance", 2019,
// for sounds. Chong and Forsyth, "Effectively Unbiased FID and Inception Score", CVPR 2020, for the
// extrapolation, and Gui et al., "Adapting Fréchet Audio Distance for Generative Music Evaluation",
// 2024, for that of sounds.

/// The normal distribution most like some features: their mean and covariance.
package struct GaussianFit: Sendable {
  package let mean: [Double]
  /// Of the sample: divided by one less than there are.
  package let covariance: SymmetricMatrix

  package init(_ features: Features, _ workers: Workers) throws(SpecGANError) {
    guard features.count > 1 else {
      throw .tooFew(what: "sounds", found: features.count, needed: 2)
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

  /// Rows that are held in double precision at a time.
  private static let rowsPerPart = 4_096

  /// The rows `rows` less `mean`, over the root of one less than there are rows in all.
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

/// A set of real clips from which the Fréchet distance of others is measured.
public struct FrechetReference: Sendable {
  private let fit: GaussianFit
  /// A matrix `W` with `W Wᵀ` the covariance, row after row.
  private let root: [Double]

  /// The normal distribution most like `real`.
  ///
  /// - Throws: ``SpecGANError`` where there are fewer than two sounds.
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

  /// `|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½)` to the normal distribution most like `generated`.
  ///
  /// The root's trace is the sum of the roots of the eigenvalues of `Wᵀ Σ₂ W`, where `Σ₁ = W Wᵀ`:
  /// they are those of `Σ₁ Σ₂`, of a matrix that is symmetric. What rounding leaves of eigenvalues
  /// that are zero, 10⁻¹⁶ of the largest, becomes 10⁻⁸ of the largest root each. Never negative.
  /// - Throws: ``SpecGANError`` where there are fewer than two sounds, or of other features.
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

/// The Fréchet distance extrapolated to infinitely many clips.
///
/// A covariance of `n` sounds is off by chance, which makes the distance larger by about a constant
/// over `n`. The line through the distances of subsets over `1 / n` crosses zero at the distance
/// without that. The real sounds stay all there are.
///
/// It is a line only where there are more sounds than numbers of a feature: with normal features of
/// 128 numbers of equal variance and 1,000 sounds, subsets from 100 on overshoot by half of what is
/// to be taken away, and those from 256 on by a tenth. So the smallest has twice as many sounds as
/// numbers, and four times as many are needed.
public struct FrechetExtrapolation: Encodable, Equatable, Sendable {
  /// The line at `1 / n` = 0; below zero by chance where the distance is about zero.
  public let distance: Double
  /// The slope of the line: the bias of `n` clips, times `n`.
  public let slope: Double
  /// The share of the distances' variance that the line explains, r².
  public let determination: Double
  /// The number of clips of each subset.
  public let sizes: [Int]
  /// The distance of each subset.
  public let distances: [Double]

  /// The least number of sounds of the smallest subset.
  private static let smallest = 8

  /// Of `generated` from `reference`, by subsets of sizes up to all of it.
  ///
  /// - Parameters:
  ///   - generated: the sounds.
  ///   - reference: real ones.
  ///   - steps: how many sizes, evenly spaced.
  ///   - seed: which sounds are in a subset.
  ///   - workers: who computes; the result does not depend on them.
  /// - Throws: ``SpecGANError`` where there are too few sounds, or of other features.
  package init(
    of generated: Features, from reference: FrechetReference, steps: Int = 15, seed: UInt64 = 0,
    workers: Workers
  ) throws(SpecGANError) {
    guard steps > 1 else { throw .setting(name: "steps", found: "\(steps)", allowed: "at least 2") }
    let enough = max(2 * generated.dimension, Self.smallest)
    guard generated.count >= 2 * enough else {
      throw .tooFew(what: "sounds", found: generated.count, needed: 2 * enough)
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
