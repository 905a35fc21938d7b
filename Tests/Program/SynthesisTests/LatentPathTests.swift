import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Paths between latents, compared with SciPy, and their laws.
@Suite struct LatentPathTests {
  private static let cases = [
    "drawn", "of_other_norms", "near", "nearly_opposite", "large", "opposite",
  ]

  /// Both round once to float32, ours from doubles: half a unit in the last place of the norm each.
  @Test(arguments: LatentPath.allCases, cases)
  func pointsAreTheReferences(_ path: LatentPath, _ name: String) throws {
    let golden = try Golden("latent_paths")
    let ends = try golden.floats("\(name)/ends")
    let (start, end) = (Array(ends.prefix(12)), Array(ends.suffix(12)))
    let points = path.points(from: start, to: end, count: 7)
    let expected = try golden.floats("\(name)/\(path.rawValue)")
    let tolerance = 2 * 0x1p-24 * max(norm(start), norm(end))
    expectWithin(tolerance, points.flatMap(\.self), expected, name)
  }

  @Test(arguments: LatentPath.allCases) func theEndsAreThemselves(_ path: LatentPath) {
    for seed in 0..<20 as Range<UInt64> {
      let (start, end) = pair(seed)
      for count in [2, 3, 8] {
        let points = path.points(from: start, to: end, count: count)
        #expect(points.count == count && points.first == start && points.last == end)
      }
    }
  }

  @Test(arguments: LatentPath.allCases) func aPointIsOneOfThePoints(_ path: LatentPath) {
    for seed in 0..<20 as Range<UInt64> {
      let (start, end) = pair(seed)
      let points = path.points(from: start, to: end, count: 5)
      for (place, point) in points.enumerated() {
        #expect(path.point(from: start, to: end, at: Double(place) / 4) == point)
      }
    }
  }

  /// The reversed path equals the path up to one rounding.
  @Test(arguments: LatentPath.allCases) func theWayBackIsTheWay(_ path: LatentPath) {
    for seed in 0..<20 as Range<UInt64> {
      let (start, end) = pair(seed)
      let there = path.points(from: start, to: end, count: 6)
      let back = path.points(from: end, to: start, count: 6)
      let tolerance = 2 * 0x1p-24 * max(norm(start), norm(end))
      expectWithin(tolerance, there.flatMap(\.self), back.reversed().flatMap(\.self))
    }
  }

  /// On a great circle the norm changes linearly, and every step turns by the same angle.
  @Test func aSphericalPathTurnsEvenly() {
    for seed in 0..<20 as Range<UInt64> {
      let (start, end) = pair(seed)
      let points = LatentPath.spherical.points(from: start, to: end, count: 9)
      for (index, point) in points.enumerated() {
        let position = Float(index) / 8
        let expected = (1 - position) * norm(start) + position * norm(end)
        #expect(abs(norm(point) - expected) <= 4 * 0x1p-24 * expected)
      }
      let cosines = zip(points, points.dropFirst()).map { first, second in
        inner(first, second) / (inner(first, first) * inner(second, second)).squareRoot()
      }
      let spread = (cosines.max() ?? 1) - (cosines.min() ?? 0)
      // A rounding of each latent turns it by 2⁻²⁴ of its norm, and the cosine by as much.
      #expect(spread < 8 * 0x1p-24)
    }
  }

  /// If both directions are equal, or one latent is zero, only the norm changes.
  @Test func withoutAnAngleItIsTheStraightLine() {
    let vector = randomNumbers(10, seed: 3)
    let zero = [Float](repeating: 0, count: 10)
    for end in [vector, vector.map { 4 * $0 }, zero] {
      for (first, last) in [(vector, end), (end, vector)] {
        #expect(
          LatentPath.spherical.points(from: first, to: last, count: 5)
            == LatentPath.linear.points(from: first, to: last, count: 5))
      }
    }
    #expect(LatentPath.spherical.points(from: zero, to: zero, count: 3) == [zero, zero, zero])
    #expect(LatentPath.spherical.points(from: [2], to: [-4], count: 4) == [[2], [0], [-2], [-4]])
  }

  /// The direction in the middle of opposite latents is orthogonal to both, and never zero.
  @Test func betweenOppositeLatentsIsAHalfCircle() {
    let start: [Float] = [3, -1, 0.5, 0.5]
    let points = LatentPath.spherical.points(from: start, to: start.map { -$0 }, count: 5)
    #expect(abs(norm(points[2]) - norm(start)) < 1e-6)
    #expect(abs(inner(points[2], start)) < 1e-6)
    #expect(points[2][2] > 0.9 * norm(start), "towards the first of the smallest")
  }

  @Test(arguments: LatentPath.allCases) func noLatentsGiveWhatIsNoNumber(_ path: LatentPath) {
    let numbers: [Float] = [
      0, -0, 1, -1, .leastNonzeroMagnitude, -.leastNormalMagnitude, 1e-30, -1e30,
      .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    ]
    for first in numbers {
      for second in numbers {
        for (start, end) in [
          ([first, second], [second, first]), ([first, second], [second, -first]),
          ([first, first], [second, second]), ([first, second], [-first, -second]),
        ] {
          let points = path.points(from: start, to: end, count: 4)
          let areFinite = points.joined().allSatisfy(\.isFinite)
          #expect(areFinite, "\(start) to \(end): \(points)")
        }
      }
    }
  }

  @Test func whatLiesBetweenHasTheNumberOfTheNearerEnd() {
    let latents = ChosenLatents(
      latents: .random([3, 4], seed: 1), numbers: [7, 8, 9], seed: 5)
    for (count, numbers) in [(2, [9, 7]), (4, [9, 9, 7, 7]), (5, [9, 9, 9, 7, 7])] {
      let way = latents.interpolated(from: 2, to: 0, count: count, along: .spherical)
      #expect(way.numbers == numbers && way.seed == 5 && way.latents.shape == [count, 4])
      #expect(way.latents.examples(0..<1).values == latents.latents.examples(2..<3).values)
    }
  }

  private func pair(_ seed: UInt64) -> ([Float], [Float]) {
    (randomNumbers(30, seed: 2 * seed), randomNumbers(30, seed: 2 * seed + 1).map { 3 * $0 })
  }

  private func norm(_ vector: [Float]) -> Float { Float(inner(vector, vector).squareRoot()) }
}
