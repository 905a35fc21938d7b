import Scores
import SpecGANRandomness
import SpecGANTestSupport
import SpecGANWorkers
import Testing

/// Properties of scores for any clips: real clips against themselves, noise, one clip repeated,
/// half of the classes missing.
@Suite struct FactsTests {
  private static let workers = Workers(count: 2)
  private static let dimension = 8

  /// Returns `count` rows around ten centers, or only around the first.
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
      try KernelDistance(of: set, from: sets.real, workers: Self.workers).value
    }
    for distance in [frechet, kernel] {
      let found = try [sets.same, sets.half, sets.noise, sets.repeated].map(distance)
      #expect(found[0] < 0.02 * found[1] && found[1] < found[2] && found[1] < found[3])
    }
    #expect(try frechet(sets.real) < 1e-6)
    // Without bias, a set is closer to itself than another set of its distribution: its distance is
    // negative.
    #expect(try kernel(sets.real) < kernel(sets.same))
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
    #expect(abs(half.density - 1) < 0.3, "what is there is as dense")
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
    // One bin of twenty differs by chance if the distributions are equal.
    #expect(same.differentCount <= 2 && same.divergence < 0.02)
    #expect(half.differentCount >= 6 && noise.differentCount >= 4)
    #expect(repeated.differentCount == 10)
    #expect(same.divergence < half.divergence && half.divergence < repeated.divergence)
    #expect(repeated.divergence < 0.6932 && abs(same.realShares.reduce(0, +) - 1) < 1e-12)
  }

  /// If both sets have one distribution, distances of finite sets are only bias: it falls as 1 / n,
  /// and the extrapolation removes most of it.
  @Test func theExtrapolationTakesTheBiasAway() throws {
    let real = try Self.clouds(4_000, spread: 1, seed: 7)
    let reference = try FrechetReference(real, workers: Self.workers)
    let same = try Self.clouds(800, spread: 1, seed: 8)
    let found = try FrechetExtrapolation(of: same, from: reference, workers: Self.workers)
    let whole = try reference.distance(to: same, workers: Self.workers)
    #expect(found.sizes.first == 80 && found.sizes.last == 800 && found.sizes.count == 15)
    #expect(abs((found.distances.last ?? 0) - whole) < 1e-9 * whole)
    #expect(found.slope > 0 && abs(found.distance) < 0.5 * whole && found.determination > 0.5)
    // With another distribution the distance hardly changes.
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
      let kernel = try KernelDistance(of: y, from: x, workers: workers)
      let neighbors = try NeighborScores(of: y, real: x, workers: workers)
      let bins = try BinComparison(of: y, real: x, bins: 12, seed: 5, workers: workers)
      return extrapolation.distances
        + [extrapolation.distance, kernel.value, kernel.standardError, neighbors.density]
        + [try y.meanNearestDistance(to: x, workers: workers), bins.divergence]
        + bins.generatedShares
    }
    let one = try scores(1)
    for threads in [2, 3, 7] { #expect(try scores(threads) == one) }
    #expect(one.allSatisfy { $0.isFinite })
  }

  /// Other seeds select other subsets, and the same seed the same ones.
  @Test func subsetsAreSeeded() throws {
    let (x, y) = (try Self.clouds(200, seed: 11), try Self.clouds(200, seed: 12))
    let reference = try FrechetReference(x, workers: Self.workers)
    func line(_ seed: UInt64) throws -> FrechetExtrapolation {
      try FrechetExtrapolation(of: y, from: reference, seed: seed, workers: Self.workers)
    }
    #expect(try line(1) == line(1) && line(1).distance != line(2).distance)
    // The largest subset has all clips, whatever the seed; the order changes only the rounding.
    let last = try [1, 2].map { try line($0).distances.last ?? 0 }
    #expect(abs(last[0] - last[1]) < 1e-9)
  }
}

/// The interval of the kernel distance contains the true distance 19 times of 20, for known
/// distributions, which consist of a few points.
@Suite struct KernelIntervalTests {
  private static let workers = Workers(count: 2)
  private static let (dimension, points) = (5, 40)

  private static func population(_ seed: UInt64, shift: Float) throws -> Features {
    try Features(
      randomNumbers(points * dimension, seed: seed).map { $0 + shift }, dimension: dimension)
  }

  /// Returns the exact squared maximum mean discrepancy of the two distributions, over all pairs of
  /// points.
  private static func distance(_ first: Features, _ second: Features) -> Double {
    func mean(_ a: Features, _ b: Features) -> Double {
      var sum = 0.0
      for x in 0..<points {
        for y in 0..<points {
          let kernel = inner(Array(a[x]), Array(b[y])) / Double(dimension) + 1
          sum += kernel * kernel * kernel
        }
      }
      return sum / Double(points * points)
    }
    return mean(first, first) + mean(second, second) - 2 * mean(first, second)
  }

  /// Draws 60 and 45 clips, 400 times.
  private func estimates(_ first: Features, _ second: Features) throws -> [KernelDistance] {
    try (0..<400).map { draw in
      let chance = RandomStream(seed: 5, stream: UInt64(draw))
      let rows = (0..<105).map { chance.integer(below: Self.points, at: UInt64($0)) }
      return try KernelDistance(
        of: first.rows(Array(rows[..<60])), from: second.rows(Array(rows[60...])),
        workers: Self.workers)
    }
  }

  /// A share of 0.95 over 400 draws has a standard error of 0.011, and a jackknife of about fifty
  /// clips is accurate to a few percent. Means of 400 are within four of their standard errors.
  @Test func theIntervalHoldsTheDistance() throws {
    let (first, second) = (
      try Self.population(1, shift: 0.4), try Self.population(2, shift: 0)
    )
    let truth = Self.distance(first, second)
    let found = try estimates(first, second)
    let share = Double(found.count { $0.interval.contains(truth) }) / 400
    #expect((0.90...0.99).contains(share), "\(share)")
    let mean = found.reduce(0) { $0 + $1.value } / 400
    let squares = found.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
    let scatter = (squares / 399).squareRoot()
    #expect(abs(mean - truth) < 4 * scatter / 20)
    // The standard error is the deviation of the estimates.
    let error = found.reduce(0) { $0 + $1.standardError } / 400
    #expect((0.9...1.15).contains(error / scatter), "\(error / scatter)")
  }

  /// With one distribution, estimates are about zero, and their standard error is too large rather
  /// than too small.
  @Test func alikeSetsAreNotTold() throws {
    let population = try Self.population(3, shift: 0.2)
    let found = try estimates(population, population)
    let share = Double(found.count { $0.interval.contains(0) }) / 400
    #expect(share > 0.95, "\(share)")
    let mean = found.reduce(0) { $0 + $1.value } / 400
    let scatter = (found.reduce(0) { $0 + $1.value * $1.value } / 400).squareRoot()
    #expect(abs(mean) < 4 * scatter / 20)
    let error = found.reduce(0) { $0 + $1.standardError } / 400
    #expect((1.0...2.0).contains(error / scatter), "\(error / scatter)")
  }
}
