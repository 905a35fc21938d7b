package import SpecGANErrors
package import SpecGANWorkers

extension Features {
  /// Returns the squared distance of each row to its neighbor number `neighbors`.
  ///
  /// An equal row counts as a neighbor at distance zero.
  package func squaredRadii(neighbors: Int, _ workers: Workers) throws(SpecGANError) -> [Float] {
    guard neighbors > 0 else {
      throw .setting(name: "neighbors", found: "\(neighbors)", allowed: "at least 1")
    }
    guard count > neighbors else {
      throw .tooFew(what: "clips", found: count, needed: neighbors + 1)
    }
    return map(.squaredDistance, with: self, workers) { row, distances in
      var nearest = [Float](repeating: .infinity, count: neighbors)
      for (other, distance) in distances.enumerated()
      where other != row && distance < nearest[neighbors - 1] {
        var place = neighbors - 1
        while place > 0, nearest[place - 1] > distance {
          nearest[place] = nearest[place - 1]
          place -= 1
        }
        nearest[place] = distance
      }
      return nearest[neighbors - 1]
    }
  }

  /// Returns the mean Euclidean distance of the rows to the nearest row of `others`.
  ///
  /// - Throws: ``SpecGANError`` if the dimensions differ.
  package func meanNearestDistance(
    to others: Features, workers: Workers
  ) throws(SpecGANError) -> Double {
    try check(matches: others)
    let distances = map(.squaredDistance, with: others, workers) { _, distances in
      distances.min() ?? 0
    }
    return Self.meanRoot(distances)
  }

  /// Returns the mean Euclidean distance of the rows to the nearest other row.
  ///
  /// Rows are distinguished by their index: two equal clips are at distance zero. (The reference
  /// takes the second nearest row if the nearest is at distance zero, and so misses duplicates.)
  /// - Throws: ``SpecGANError`` if there are fewer than two rows.
  package func meanNearestDistanceToOthers(workers: Workers) throws(SpecGANError) -> Double {
    Self.meanRoot(try squaredRadii(neighbors: 1, workers))
  }

  private static func meanRoot(_ squares: [Float]) -> Double {
    squares.reduce(0) { $0 + Double($1).squareRoot() } / Double(squares.count)
  }
}

/// The mean nearest distances |D|self and |D|train, relative to those of held-out clips.
///
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 6.2, on
/// log-mel features; table 1 divides by the values of the test set.
public struct RelativeDistances: Equatable, Sendable {
  /// |D|self: the mean distance to the nearest other clip; low if a model repeats itself.
  public let toOthers: Double
  /// |D|train: the mean distance to the nearest training clip; low if a model copies it.
  public let toTraining: Double

  /// Computes the distances of `generated`, divided by those of `heldOut`, real clips that were not
  /// used in training.
  ///
  /// - Throws: ``SpecGANError`` if there are fewer than two clips, or a held-out distance is zero.
  package init(
    of generated: Features, training: Features, heldOut: Features, workers: Workers
  ) throws(SpecGANError) {
    try self.init(
      toOthers: generated.meanNearestDistanceToOthers(workers: workers),
      toTraining: generated.meanNearestDistance(to: training, workers: workers),
      heldOut: (
        toOthers: heldOut.meanNearestDistanceToOthers(workers: workers),
        toTraining: heldOut.meanNearestDistance(to: training, workers: workers)
      ))
  }

  /// Divides mean distances by those of held-out clips.
  ///
  /// - Throws: ``SpecGANError`` if a held-out distance is zero.
  package init(
    toOthers: Double, toTraining: Double, heldOut: (toOthers: Double, toTraining: Double)
  ) throws(SpecGANError) {
    guard heldOut.toOthers > 0, heldOut.toTraining > 0 else {
      throw .constant(what: "held-out clips and their nearest neighbors")
    }
    self.toOthers = toOthers / heldOut.toOthers
    self.toTraining = toTraining / heldOut.toTraining
  }
}
