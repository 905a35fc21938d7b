package import SpecGANErrors
package import SpecGANWorkers

/// The precision, recall, density and coverage of generated clips.
///
/// A set's sounds stand for balls that reach to their nearest neighbours of that set. Source:
/// Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing Generative Models",
/// NeurIPS 2019, equations 1 and 2; Naeem et al., "Reliable Fidelity and Diversity Metrics for
/// Generative Models", ICML 2020, equations 4 and 6.
public struct NeighborScores: Equatable, Sendable {
  /// The share of generated sounds in a ball of a real one, in `[0, 1]`.
  public let precision: Double
  /// The share of real sounds in a ball of a generated one, in `[0, 1]`.
  public let recall: Double
  /// The mean number of balls of real sounds that a generated one is in, over the number of
  /// neighbours: about 1 if the sets are alike, and not bounded by it.
  public let density: Double
  /// The share of balls of real sounds that hold a generated one, in `[0, 1]`.
  public let coverage: Double

  /// Of `generated`, by the balls of both.
  ///
  /// - Parameters:
  ///   - generated: sounds.
  ///   - real: others.
  ///   - neighbors: to which nearest one a ball reaches, its middle not counted; 3 and 5 are usual.
  ///   - workers: who computes; the result does not depend on them.
  /// - Throws: ``SpecGANError`` where a set has no more sounds than that, or other features.
  package init(
    of generated: Features, real: Features, neighbors: Int = 5, workers: Workers
  ) throws(SpecGANError) {
    try real.check(matches: generated)
    let realRadii = try real.squaredRadii(neighbors: neighbors, workers)
    let generatedRadii = try generated.squaredRadii(neighbors: neighbors, workers)
    let balls = generated.map(.squaredDistance, with: real, workers) { _, distances in
      zip(distances, realRadii).count { $0 <= $1 }
    }
    let found = real.map(.squaredDistance, with: generated, workers) { row, distances in
      (
        isRecalled: zip(distances, generatedRadii).contains { $0 <= $1 },
        isCovered: distances.contains { $0 <= realRadii[row] }
      )
    }
    precision = Double(balls.count { $0 > 0 }) / Double(generated.count)
    density = Double(balls.reduce(0, +)) / Double(neighbors * generated.count)
    recall = Double(found.count(where: \.isRecalled)) / Double(real.count)
    coverage = Double(found.count(where: \.isCovered)) / Double(real.count)
  }
}
