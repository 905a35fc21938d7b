package import SpecGANErrors
internal import SpecGANRandomness
package import SpecGANWorkers

/// A k-means clustering of features.
///
/// Source: Lloyd, "Least Squares Quantization in PCM", 1982; Arthur and Vassilvitskii, "k-means++:
/// The Advantages of Careful Seeding", SODA 2007, for the initial centers.
package struct Clusters: Equatable, Sendable {
  /// The centers, one per row.
  package let centers: Features
  /// The largest number of iterations; some tens are usual.
  private static let mostRounds = 300

  /// Clusters `features` into `count` clusters, with random initial centers.
  ///
  /// - Throws: ``SpecGANError`` if there are fewer distinct rows.
  package init(
    of features: Features, count: Int, seed: UInt64 = 0, workers: Workers
  ) throws(SpecGANError) {
    guard count > 0 else {
      throw .setting(name: "clusters", found: "\(count)", allowed: "at least 1")
    }
    let chance = RandomStream(seed: seed, purpose: .clusters)
    var chosen = [chance.integer(below: features.count, at: 0)]
    var nearest = [Float](repeating: .infinity, count: features.count)
    while chosen.count < count {
      let newest = features.rows([chosen[chosen.count - 1]])
      let distances = features.map(.squaredDistance, with: newest, workers) { _, pair in
        pair.first ?? 0
      }
      for index in nearest.indices { nearest[index] = min(nearest[index], distances[index]) }
      let share = Double(chance.uniform(at: UInt64(chosen.count)))
      guard let next = Self.index(at: share, of: nearest) else {
        throw .tooFew(what: "distinct clips", found: chosen.count, needed: count)
      }
      chosen.append(next)
    }
    self.init(of: features, from: features.rows(chosen), workers: workers)
  }

  /// Clusters `features`, beginning with the centers `first`.
  ///
  /// Centers move to the means of their nearest rows until nothing changes. A center without rows
  /// moves to the row that is farthest from its own center.
  /// - Precondition: There are at least as many rows as centers, of the same dimension.
  package init(of features: Features, from first: Features, workers: Workers) {
    require(
      first.count <= features.count, "\(first.count) centers for \(features.count) rows")
    var centers = first
    var previous: [Int] = []
    for _ in 0..<Self.mostRounds {
      let found = Self.nearest(features, centers, workers)
      if found.map(\.center) == previous { break }
      previous = found.map(\.center)
      centers = Self.means(of: features, found, count: first.count)
    }
    self.centers = centers
  }

  /// Returns the index of the nearest center for each row.
  package func assignments(of features: Features, workers: Workers) throws(SpecGANError) -> [Int] {
    try centers.check(matches: features)
    return Self.nearest(features, centers, workers).map(\.center)
  }

  /// Returns the first index at which the cumulative weight exceeds `share` of the total; never one
  /// without weight.
  private static func index(at share: Double, of weights: [Float]) -> Int? {
    let total = weights.reduce(0.0) { $0 + Double($1) }
    var sum = 0.0
    for (index, weight) in weights.enumerated() where weight > 0 {
      sum += Double(weight)
      if sum > share * total { return index }
    }
    return weights.lastIndex { $0 > 0 }
  }

  private typealias Nearest = (center: Int, distance: Float)

  private static func nearest(
    _ features: Features, _ centers: Features, _ workers: Workers
  ) -> [Nearest] {
    features.map(.squaredDistance, with: centers, workers) { _, distances in
      var best = Nearest(0, .infinity)
      for (center, distance) in distances.enumerated() where distance < best.distance {
        best = (center, distance)
      }
      return best
    }
  }

  private static func means(of features: Features, _ found: [Nearest], count: Int) -> Features {
    let size = features.dimension
    var sums = [Double](repeating: 0, count: count * size)
    var counts = [Int](repeating: 0, count: count)
    for (row, nearest) in found.enumerated() {
      counts[nearest.center] += 1
      for (index, value) in features[row].enumerated() {
        sums[nearest.center * size + index] += Double(value)
      }
    }
    var farthest = found.indices.sorted { (found[$0].distance, $1) < (found[$1].distance, $0) }
    var means: [Float] = []
    for center in 0..<count {
      if counts[center] == 0, let row = farthest.popLast() {
        means += features[row]
      } else {
        let share = 1 / Double(counts[center])
        means += sums[center * size..<(center + 1) * size].map { Float($0 * share) }
      }
    }
    // Means of finite values are finite.
    return Features(unchecked: means, dimension: size)
  }
}
