internal import Scores
internal import SpecGANErrors
internal import SpecGANTensors
internal import SpecGANWorkers

/// The nearest clips in the training set to the clips of a set.
struct TrainingNeighbors: Sendable {
  /// The indices of the nearest clips in the training set.
  var places: [Int]
  /// The squared distances to them.
  var squaredDistances: [Float]

  /// Creates neighbors at infinite distance.
  private init(count: Int) {
    places = [Int](repeating: 0, count: count)
    squaredDistances = [Float](repeating: .infinity, count: count)
  }

  /// Returns the mean distance of the first `count`.
  func mean(of count: Int) -> Double {
    squaredDistances.prefix(count).reduce(0) { $0 + Double($1).squareRoot() } / Double(count)
  }

  /// Returns the median distance of the first `count` clips, the upper one of two.
  func median(of count: Int) -> Double {
    Double(squaredDistances.prefix(count).sorted()[count / 2]).squareRoot()
  }

  /// Returns the share of the first `count` at a distance below `limit`.
  func share(of count: Int, closerThan limit: Double) -> Double {
    Double(squaredDistances.prefix(count).count { Double($0).squareRoot() < limit })
      / Double(count)
  }

  /// Returns the neighbors of the clips of each of `sets`, by every definition, among all of
  /// `training`: `[set][definition]`.
  ///
  /// - Throws: ``SpecGANError`` if a clip cannot be read or `watch` stops the work.
  static func find(
    of sets: [[Features]], in training: CachedSounds, length: Int, workspaces: [MelWorkspace],
    engine: Engine, _ watch: EvaluationWatch
  ) throws(SpecGANError) -> [[TrainingNeighbors]] {
    var found = sets.map { set in set.map { TrainingNeighbors(count: $0.count) } }
    let reader = try training.reader(on: engine)
    for first in stride(from: 0, to: training.count, by: SoundGatherer.batchSize) {
      try watch.show("neighbors", first, of: training.count)
      let sounds = try reader.sounds(
        first..<min(first + SoundGatherer.batchSize, training.count), withInversions: false)
      for definition in 0..<workspaces[0].definitionCount {
        let block = try Features(
          engine.workers.map(sounds.count) { index, worker in
            workspaces[worker].logarithms(of: sounds[index].slice(length), definition)
          }.flatMap(\.self), dimension: sets[0][definition].dimension)
        for (index, set) in sets.enumerated() {
          found[index][definition].look(
            set[definition], in: block, from: first, engine.workers)
        }
      }
    }
    try watch.show("neighbors", training.count, of: training.count)
    return found
  }

  /// Updates the neighbors with the clips `block`, whose indices begin at `first`.
  private mutating func look(
    _ features: Features, in block: Features, from first: Int, _ workers: Workers
  ) {
    let nearest = features.map(.squaredDistance, with: block, workers) { _, distances in
      var best = (place: 0, distance: Float.infinity)
      for (place, distance) in distances.enumerated() where distance < best.distance {
        best = (place, distance)
      }
      return best
    }
    for (row, best) in nearest.enumerated() where best.distance < squaredDistances[row] {
      (places[row], squaredDistances[row]) = (first + best.place, best.distance)
    }
  }
}
