internal import RealModule
package import SpecGANErrors
package import SpecGANWorkers

/// The shares of two sets of clips in the clusters of the real ones.
///
/// Source: Richardson and Weiss, "On GANs and GMMs", NeurIPS 2018, section 3.
public struct BinComparison: Equatable, Sendable {
  /// The number of statistically different bins (NDB).
  ///
  /// About a twentieth of the bins where the sets are alike: each is tested at a level of 0.05.
  public let differentCount: Int
  /// The Jensen-Shannon divergence of the shares (JSD), in nats: 0 to log 2.
  public let divergence: Double
  /// The share of real sounds in each bin.
  public let realShares: [Double]
  /// The share of generated sounds in each bin.
  public let generatedShares: [Double]
  /// The number of bins.
  public var binCount: Int { realShares.count }

  /// Of `generated` and `real`, in clusters of `real`.
  ///
  /// - Parameters:
  ///   - generated: sounds.
  ///   - real: others.
  ///   - bins: how many clusters; the paper has 100 or 200, and at least ten real sounds for each
  ///     is wise.
  ///   - seed: of the clusters' first centres.
  ///   - workers: who computes; the result does not depend on them.
  /// - Throws: ``SpecGANError`` where there are fewer different real sounds, or of other features.
  package init(
    of generated: Features, real: Features, bins: Int = 50, seed: UInt64 = 0, workers: Workers
  ) throws(SpecGANError) {
    try real.check(matches: generated)
    let clusters = try Clusters(of: real, count: bins, seed: seed, workers: workers)
    try self.init(of: generated, real: real, in: clusters, workers: workers)
  }

  /// Of `generated` and `real`, in given clusters.
  ///
  /// - Throws: ``SpecGANError``.
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

  /// The test of two proportions with their pooled variance.
  private static func differ(_ p: Double, _ q: Double, _ counts: (Double, Double)) -> Bool {
    let pooled = (p * counts.0 + q * counts.1) / (counts.0 + counts.1)
    let variance = pooled * (1 - pooled) * (1 / counts.0 + 1 / counts.1)
    return variance > 0 && abs(p - q) > StandardNormal.twentieth * variance.squareRoot()
  }

  private static func term(_ p: Double, _ middle: Double) -> Double {
    p > 0 ? p * .log(p / middle) : 0
  }
}
