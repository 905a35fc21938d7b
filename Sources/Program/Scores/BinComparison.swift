internal import RealModule
package import SpecGANErrors
package import SpecGANWorkers

/// NDB and JSD: a comparison of two sets of features over clusters of the real one.
///
/// Source: Richardson and Weiss, "On GANs and GMMs", NeurIPS 2018, section 3.
public struct BinComparison: Equatable, Sendable {
  /// NDB: the number of bins whose shares differ significantly between the sets.
  ///
  /// About a twentieth of the bins if the sets are alike: each is tested at a level of 0.05.
  public let differentCount: Int
  /// JSD: the Jensen-Shannon divergence of the shares, in nats, 0 to log 2.
  public let divergence: Double
  /// The share of real clips in each bin.
  public let realShares: [Double]
  /// The share of generated clips in each bin.
  public let generatedShares: [Double]
  /// The number of bins.
  public var binCount: Int { realShares.count }

  /// Compares `generated` and `real` over clusters of `real`.
  ///
  /// - Parameters:
  ///   - generated: the features of one set.
  ///   - real: the features of the other set.
  ///   - bins: the number of clusters; the paper has 100 or 200. Use at least ten real clips per
  ///     cluster.
  ///   - seed: the random seed of the initial centers.
  ///   - workers: the threads to compute on; the result does not depend on them.
  /// - Throws: ``SpecGANError`` if there are fewer distinct real clips than bins, or the dimensions
  ///   differ.
  package init(
    of generated: Features, real: Features, bins: Int = 50, seed: UInt64 = 0, workers: Workers
  ) throws(SpecGANError) {
    try real.check(matches: generated)
    let clusters = try Clusters(of: real, count: bins, seed: seed, workers: workers)
    try self.init(of: generated, real: real, in: clusters, workers: workers)
  }

  /// Compares `generated` and `real` over given clusters.
  ///
  /// - Throws: ``SpecGANError`` if the dimensions differ.
  package init(
    of generated: Features, real: Features, in clusters: Clusters, workers: Workers
  ) throws(SpecGANError) {
    func shares(_ features: Features) throws(SpecGANError) -> [Double] {
      var counts = [Int](repeating: 0, count: clusters.centers.count)
      for bin in try clusters.assignments(of: features, workers: workers) { counts[bin] += 1 }
      return counts.map { Double($0) / Double(features.count) }
    }
    (realShares, generatedShares) = (try shares(real), try shares(generated))
    let counts = (Double(real.count), Double(generated.count))
    let pairs = zip(realShares, generatedShares)
    differentCount = pairs.count { Self.differ($0, $1, counts) }
    divergence = pairs.reduce(0) { sum, pair in
      let middle = (pair.0 + pair.1) / 2
      return sum + (Self.term(pair.0, middle) + Self.term(pair.1, middle)) / 2
    }
  }

  /// Returns whether two proportions differ significantly, by their pooled variance.
  private static func differ(_ p: Double, _ q: Double, _ counts: (Double, Double)) -> Bool {
    let pooled = (p * counts.0 + q * counts.1) / (counts.0 + counts.1)
    let variance = pooled * (1 - pooled) * (1 / counts.0 + 1 / counts.1)
    return variance > 0 && abs(p - q) > StandardNormal.twentieth * variance.squareRoot()
  }

  private static func term(_ p: Double, _ middle: Double) -> Double {
    p > 0 ? p * .log(p / middle) : 0
  }
}
