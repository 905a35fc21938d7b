package import SpecGANErrors
package import SpecGANWorkers

extension Features {
  /// The squared distance of each row to its nearest other rows: to number `neighbors` of them.
  ///
  /// Another row that is the same counts as any other, at distance zero.
  package func squaredRadii(neighbors: Int, _ workers: Workers) throws(SpecGANError) -> [Float] {
    guard neighbors > 0 else {
      throw .setting(name: "neighbors", found: "\(neighbors)", allowed: "at least 1")
    }
    guard count > neighbors else {
      throw .tooFew(what: "sounds", found: count, needed: neighbors + 1)
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

  /// The mean Euclidean distance of the rows to the nearest row of `others`.
  ///
  /// - Throws: ``SpecGANError``.
  package func meanNearestDistance(
    to others: Features, workers: Workers
  ) throws(SpecGANError) -> Double {
    try check(matches: others)
    let distances = map(.squaredDistance, with: others, workers) { _, distances in
      distances.min() ?? 0
    }
    return Self.meanRoot(distances)
  }

  /// The mean Euclidean distance of the rows to the nearest other row.
  ///
  /// A row is told from another by its number: two sounds that are the same are at distance zero.
  /// (The published code takes the second nearest wherever the nearest is at distance zero, and so
  /// misses them.)
  /// - Throws: ``SpecGANError`` where there are fewer than two rows.
  package func meanNearestDistanceToOthers(workers: Workers) throws(SpecGANError) -> Double {
    Self.meanRoot(try squaredRadii(neighbors: 1, workers))
  }

  private static func meanRoot(_ squares: [Float]) -> Double {
    squares.reduce(0) { $0 + Double($1).squareRoot() } / Double(squares.count)
  }
}

/// The distances of clips from each other and from the training set, relative to real clips.
///
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 6.2, on
/// log-mel features; table 1 divides by the values of the test set.
public struct RelativeDistances: Equatable, Sendable {
  /// |D|self: the mean distance to the nearest other sound; low where a model repeats itself.
  public let toOthers: Double
  /// |D|train: the mean distance to the nearest clip of the training set; low if a model copies.
  public let toTraining: Double

  /// Of `generated`, over those of `heldOut`: real sounds that were not trained on.
  ///
  /// - Throws: ``SpecGANError`` where there are fewer than two sounds, or no distances to divide
  ///   by.
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

  /// Of mean distances, over those of held-out sounds.
  ///
  /// - Throws: ``SpecGANError`` where there are no distances to divide by.
  package init(
    toOthers: Double, toTraining: Double, heldOut: (toOthers: Double, toTraining: Double)
  ) throws(SpecGANError) {
    guard heldOut.toOthers > 0, heldOut.toTraining > 0 else {
      throw .constant(what: "held-out sounds and their nearest neighbours")
    }
    self.toOthers = toOthers / heldOut.toOthers
    self.toTraining = toTraining / heldOut.toTraining
  }
}
