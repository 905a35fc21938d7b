import Evaluation
import Randomness
import TestSupport
import Testing
import Workers

/// What must hold of scores, whatever the sounds: real against itself, noise, one clip again and again, half of
/// the classes missing.
@Suite struct FactsTests {
  private static let workers = Workers(count: 2)
  private static let dimension = 8

  /// `count` rows about ten centres, or about the first of them alone.
  private static func clouds(
    _ count: Int, classes: Int = 10, spread: Float = 0.2, seed: UInt64
  ) throws -> Features {
    let centers = randomNumbers(10 * dimension, seed: 1)
    let noise = randomNumbers(count * dimension, seed: seed)
    return try Features(
      noise.enumerated().map { place, noise in
        let (row, column) = place.quotientAndRemainder(dividingBy: dimension)
        return 2 * centers[row % classes * dimension + column] + spread * noise
      }, dimension: dimension)
  }

  private struct Sets {
    let real, same, noise, half, repeated: Features

    init() throws {
      real = try clouds(400, seed: 2)
      same = try clouds(400, seed: 3)
      noise = try Features(
        randomNumbers(400 * dimension, seed: 4).map { 6 * $0 }, dimension: dimension)
      half = try clouds(400, classes: 5, seed: 5)
      repeated = same.rows([Int](repeating: 3, count: 400))
    }
  }

  @Test func distancesOrderAsTheyShould() throws {
    let sets = try Sets()
    let reference = try FrechetReference(sets.real, workers: Self.workers)
    func frechet(_ set: Features) throws -> Double {
      try reference.distance(to: set, workers: Self.workers)
    }
    func kernel(_ set: Features) throws -> Double {
      try KernelDistance(
        of: set, from: sets.real, subsets: 10, subsetSize: 100, workers: Self.workers
      ).mean
    }
    for distance in [frechet, kernel] {
      let found = try [sets.same, sets.half, sets.noise, sets.repeated].map(distance)
      #expect(found[0] < 0.02 * found[1] && found[1] < found[2] && found[1] < found[3])
    }
    #expect(try frechet(sets.real) < 1e-6)
  }

  @Test func neighborsTellQualityFromVariety() throws {
    let sets = try Sets()
    func scores(_ set: Features) throws -> NeighborScores {
      try NeighborScores(of: set, real: sets.real, workers: Self.workers)
    }
    let (itself, same) = (try scores(sets.real), try scores(sets.same))
    #expect(itself.precision == 1 && itself.recall == 1 && itself.coverage == 1)
    #expect(itself.density > 1)
    #expect(same.precision > 0.9 && same.recall > 0.9 && same.coverage > 0.8)
    #expect(abs(same.density - 1) < 0.2)
    let half = try scores(sets.half)
    #expect(half.precision > 0.9 && half.recall < 0.6 && half.coverage < 0.6)
    let (noise, repeated) = (try scores(sets.noise), try scores(sets.repeated))
    #expect(noise.precision < 0.1 && noise.density < 0.1 && noise.coverage < 0.1)
    #expect(repeated.precision == 1 && repeated.recall < 0.1 && repeated.coverage < 0.1)
  }

  @Test func nearestDistancesTellCopiesAndRepetition() throws {
    let sets = try Sets()
    let heldOut = try Self.clouds(400, seed: 6)
    func distances(_ set: Features) throws -> RelativeDistances {
      try RelativeDistances(
        of: set, training: sets.real, heldOut: heldOut, workers: Self.workers)
    }
    let (same, copied) = (try distances(sets.same), try distances(sets.real))
    #expect(abs(same.toOthers - 1) < 0.1 && abs(same.toTraining - 1) < 0.1)
    #expect(copied.toTraining == 0 && abs(copied.toOthers - 1) < 0.1)
    #expect(try distances(sets.repeated).toOthers == 0)
    let noise = try distances(sets.noise)
    #expect(noise.toTraining > 3 && noise.toOthers > 3)
  }

  @Test func binsTellWhatIsMissing() throws {
    let sets = try Sets()
    func bins(_ set: Features) throws -> BinComparison {
      try BinComparison(of: set, real: sets.real, bins: 10, workers: Self.workers)
    }
    let itself = try bins(sets.real)
    #expect(itself.differentCount == 0 && itself.divergence == 0)
    let (same, half) = (try bins(sets.same), try bins(sets.half))
    let (noise, repeated) = (try bins(sets.noise), try bins(sets.repeated))
    // One of twenty differs by chance where nothing does.
    #expect(same.differentCount <= 2 && same.divergence < 0.02)
    #expect(half.differentCount >= 6 && noise.differentCount >= 4)
    #expect(repeated.differentCount == 10)
    #expect(same.divergence < half.divergence && half.divergence < repeated.divergence)
    #expect(repeated.divergence < 0.6932 && abs(same.realShares.reduce(0, +) - 1) < 1e-12)
  }

  /// Where both sets are of one distribution, distances of finite sets are all bias: it falls as 1 / n, and the
  /// line leaves little of it.
  @Test func theExtrapolationTakesTheBiasAway() throws {
    let real = try Self.clouds(4_000, spread: 1, seed: 7)
    let reference = try FrechetReference(real, workers: Self.workers)
    let same = try Self.clouds(800, spread: 1, seed: 8)
    let found = try FrechetExtrapolation(of: same, from: reference, workers: Self.workers)
    let whole = try reference.distance(to: same, workers: Self.workers)
    #expect(found.sizes.first == 80 && found.sizes.last == 800 && found.sizes.count == 15)
    #expect(abs((found.distances.last ?? 0) - whole) < 1e-9 * whole)
    #expect(found.slope > 0 && abs(found.distance) < 0.5 * whole && found.determination > 0.5)
    // Of another distribution it stays about what it is.
    let other = try Self.clouds(800, classes: 5, spread: 1, seed: 8)
    let far = try FrechetExtrapolation(of: other, from: reference, workers: Self.workers)
    #expect(far.distance > 10 * whole)
  }

  // MARK: - Laws

  @Test func bitsDoNotDependOnThreads() throws {
    let (x, y) = (try Self.clouds(150, seed: 11), try Self.clouds(130, classes: 7, seed: 12))
    func scores(_ threads: Int) throws -> [Double] {
      let workers = Workers(count: threads)
      let reference = try FrechetReference(x, workers: workers)
      let extrapolation = try FrechetExtrapolation(of: y, from: reference, workers: workers)
      let kernel = try KernelDistance(
        of: y, from: x, subsets: 5, subsetSize: 50, seed: 3, workers: workers)
      let neighbors = try NeighborScores(of: y, real: x, workers: workers)
      let bins = try BinComparison(of: y, real: x, bins: 12, seed: 5, workers: workers)
      return extrapolation.distances
        + [extrapolation.distance, kernel.mean, kernel.deviation, neighbors.density]
        + [try y.meanNearestDistance(to: x, workers: workers), bins.divergence]
        + bins.generatedShares
    }
    let one = try scores(1)
    for threads in [2, 3, 7] { #expect(try scores(threads) == one) }
    #expect(one.allSatisfy { $0.isFinite })
  }

  /// Other seeds take other subsets, and the same seed the same.
  @Test func subsetsAreSeeded() throws {
    let (x, y) = (try Self.clouds(200, seed: 11), try Self.clouds(200, seed: 12))
    func distance(_ seed: UInt64) throws -> KernelDistance {
      try KernelDistance(
        of: y, from: x, subsets: 20, subsetSize: 50, seed: seed, workers: Self.workers)
    }
    #expect(try distance(1) == distance(1))
    #expect(try distance(1) != distance(2))
    let found = try distance(1)
    #expect(found.interval.contains(found.mean) && found.deviation > 0)
  }
}
