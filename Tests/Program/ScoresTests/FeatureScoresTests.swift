import Scores
import SpecGANEvaluation
import SpecGANTestSupport
import SpecGANWorkers
import Testing

/// Scores of features, compared with SciPy and scikit-learn.
@Suite struct FeatureScoresTests {
  private static let workers = Workers(count: 2)

  private let golden: Golden
  private let real, generated, heldOut: Features

  init() throws {
    golden = try Golden("scores")
    real = try Features(golden.floats("features/real"), dimension: 19)
    generated = try Features(golden.floats("features/generated"), dimension: 19)
    heldOut = try Features(golden.floats("features/held_out"), dimension: 19)
  }

  /// Double precision except for the file's rounding: half a unit of 2⁻²⁴. With seven clips, twelve
  /// eigenvalues of the product are only rounding, and their square roots about 10⁻⁸ each, also in
  /// SciPy.
  @Test func theFrechetDistanceIsSciPys() throws {
    let expected = try golden.floats("frechet").map(Double.init)
    let reference = try FrechetReference(real, workers: Self.workers)
    let distance = try reference.distance(to: generated, workers: Self.workers)
    #expect(abs(distance - expected[0]) <= 0x1p-22 * expected[0])
    let few = generated.rows(Array(0..<7))
    #expect(
      try abs(reference.distance(to: few, workers: Self.workers) - expected[1])
        <= 1e-5 * expected[1])
  }

  /// Products are summed in float32 in 16 lanes: the error is a few units of 2⁻²⁴ for kernels of
  /// about 1, and remains in their differences.
  @Test func theKernelDistanceIsScikitLearns() throws {
    func expect(_ found: KernelDistance, _ name: String) throws {
      #expect(try abs(found.value - Double(golden.floats(name)[0])) <= 1e-6, "\(name)")
    }
    let even = try KernelDistance(
      of: generated, from: real.rows(Array(0..<110)), workers: Self.workers)
    try expect(even, "kernel")
    let halves = try KernelDistance(
      of: real.rows(Array(0..<75)), from: real.rows(Array(75..<150)), workers: Self.workers)
    try expect(halves, "kernel_real")
    let uneven = try KernelDistance(of: generated, from: real, workers: Self.workers)
    try expect(uneven, "kernel_uneven")
    // The definition omits each clip in turn; the code under test splits sums instead.
    let error = Double(try golden.floats("kernel_error")[0])
    #expect(abs(uneven.standardError - error) <= 1e-4 * error)
    #expect(uneven.interval.contains(uneven.value + 1.95 * error))
    #expect(!uneven.interval.contains(uneven.value - 1.97 * error))
  }

  /// As many clips and dimensions as in an evaluation, and the extrapolation from subsets.
  @Test(arguments: [32, 128]) func manySoundsAreSciPysToo(_ size: Int) throws {
    let many = try [(1_200, 31, 1, 0), (1_000, 32, 1.25, 0.25)].map {
      try Self.many($0.0, size, seed: $0.1, spread: $0.2, shift: $0.3)
    }
    let reference = try FrechetReference(many[0], workers: Self.workers)
    let frechet = Double(try golden.floats("many/\(size)/frechet")[0])
    #expect(
      try abs(reference.distance(to: many[1], workers: Self.workers) - frechet) <= 1e-6 * frechet)
    let line = try FrechetExtrapolation(
      of: many[1], from: reference, seed: 9, workers: Self.workers)
    let expected = try golden.floats("many/\(size)/extrapolation").map(Double.init)
    #expect(abs(line.distance - expected[0]) <= 1e-6 * expected[0])
    #expect(abs(line.slope - expected[1]) <= 1e-5 * abs(expected[1]))
    #expect(line.sizes.first == max(100, 2 * size) && line.sizes.last == 1_000)
    let kernel = try KernelDistance(of: many[1], from: many[0], workers: Self.workers)
    #expect(
      try abs(kernel.value - Double(golden.floats("many/\(size)/kernel")[0])) <= 1e-6)
  }

  /// Returns the data of `many` in `scores.py`, by the same operations.
  private static func many(
    _ count: Int, _ size: Int, seed: UInt64, spread: Float, shift: Float
  ) throws -> Features {
    let noise = randomNumbers(count * size, seed: seed)
    return try Features(
      noise.indices.map { place in
        let (row, column) = place.quotientAndRemainder(dividingBy: size)
        let own = noise[place] * (spread / Float(1 + column % 7))
        return own + 0.5 * noise[row * size + (column + 1) % size] + shift
      }, dimension: size)
  }

  /// Counts: equal, unless a distance is within a rounding of a radius.
  @Test(arguments: [3, 5]) func neighborScoresAreScikitLearns(_ neighbors: Int) throws {
    let scores = try NeighborScores(
      of: generated, real: real, neighbors: neighbors, workers: Self.workers)
    let expected = try golden.floats("neighbors/\(neighbors)")
    expectWithin(
      0x1p-24, [scores.precision, scores.recall, scores.density, scores.coverage].map(Float.init),
      expected)
  }

  @Test func nearestDistancesAreScikitLearns() throws {
    let expected = try golden.floats("nearest").map(Double.init)
    let found = [
      try generated.meanNearestDistanceToOthers(workers: Self.workers),
      try generated.meanNearestDistance(to: real, workers: Self.workers),
      try heldOut.meanNearestDistanceToOthers(workers: Self.workers),
      try heldOut.meanNearestDistance(to: real, workers: Self.workers),
    ]
    for (found, expected) in zip(found, expected) {
      #expect(abs(found - expected) <= 4 * 0x1p-24 * expected)
    }
    let relative = try RelativeDistances(
      of: generated, training: real, heldOut: heldOut, workers: Self.workers)
    #expect(relative.toOthers == found[0] / found[2])
    #expect(relative.toTraining == found[1] / found[3])
  }

  @Test func clustersAndBinsAreScikitLearns() throws {
    let clusters = Clusters(
      of: real, from: real.rows(Array(0..<8)), workers: Self.workers)
    expectWithin(
      4 * 0x1p-24, clusters.centers.values, try golden.floats("bins/centers"), "centers")
    let bins = try BinComparison(
      of: generated, real: real, in: clusters, workers: Self.workers)
    #expect(try bins.differentCount == Int(golden.integers("bins/different")[0]))
    #expect(
      try abs(bins.divergence - Double(golden.floats("bins/divergence")[0])) <= 0x1p-24)
    expectWithin(0x1p-24, bins.realShares.map(Float.init), try golden.floats("bins/real"))
    expectWithin(
      0x1p-24, bins.generatedShares.map(Float.init), try golden.floats("bins/generated"))
  }

  /// Both solve for the eigenvectors in double precision; the compared values were rounded to
  /// float32.
  @Test func componentsAreScikitLearns() throws {
    let found = try PrincipalComponents(of: real, workers: Self.workers)
    expectWithin(0x1p-22, found.mean, try golden.floats("components/mean"), "mean")
    expectClose(
      found.variances.map(Float.init), try golden.floats("components/variances"), terms: 1)
    expectWithin(
      0x1p-23, found.shares.map(Float.init), try golden.floats("components/shares"), "shares")
    let expected = try golden.floats("components/vectors")
    for index in 0..<19 {
      let row = Array(expected[index * 19..<(index + 1) * 19])
      let sign: Float = inner(row, Array(found[index])) < 0 ? -1 : 1
      expectWithin(0x1p-22, found[index].map { sign * $0 }, row, "component \(index)")
    }
  }

  /// Repeating the same `n` rows `k` times multiplies the covariance by `k (n − 1) / (k n − 1)`,
  /// also if it is summed in parts because of their number.
  @Test func repeatedRowsHaveTheSameComponents() throws {
    let once = try PrincipalComponents(of: real, workers: Self.workers)
    let rows = (0..<9_000).map { $0 % real.count }
    let often = try PrincipalComponents(of: real.rows(rows), workers: Self.workers)
    let factor = 9_000.0 / 8_999 * 149 / 150
    for (found, expected) in zip(often.variances, once.variances) {
      #expect(abs(found - factor * expected) <= 1e-12 * once.variances[0])
    }
    expectWithin(0x1p-22, often.components, once.components, "components")
  }
}
