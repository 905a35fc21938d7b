package import SpecGANErrors
package import SpecGANWorkers

/// Precision, recall, density and coverage of two sets of features.
///
/// Each clip is the center of a ball whose radius is the distance to its k-th nearest neighbor in
/// its set.
///
/// Source: Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing Generative
/// Models", NeurIPS 2019, equations 1 and 2; Naeem et al., "Reliable Fidelity and Diversity Metrics
/// for Generative Models", ICML 2020, equations 4 and 6.
public struct NeighborScores: Equatable, Sendable {
  /// The share of generated clips in a ball of a real one, in `[0, 1]`.
  public let precision: Double
  /// The share of real clips in a ball of a generated one, in `[0, 1]`.
  public let recall: Double
  /// The mean number of real balls around a generated clip, divided by the number of neighbors.
  /// About 1 if both sets are alike; it may exceed 1.
  public let density: Double
  /// The share of real balls that contain a generated clip, in `[0, 1]`.
  public let coverage: Double

  /// Computes the scores of `generated` and `real`.
  ///
  /// - Parameters:
  ///   - generated: the features of one set.
  ///   - real: the features of the other set.
  ///   - neighbors: the rank k of the neighbor that bounds a ball; 3 and 5 are usual.
  ///   - workers: the threads to compute on; the result does not depend on them.
  /// - Throws: ``SpecGANError`` if a set has too few clips, or the dimensions differ.
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
