import SpecGANErrors
import SpecGANTestSupport
import Spectra
import Testing

@Suite struct MomentsTests {
  private func logs() throws -> [[Float]] {
    let golden = try Golden("normalization")
    return try (0..<3).map { try golden.floats("log_magnitude_\($0)") }
  }

  private func accumulate(_ portions: [[Float]]) -> MomentsAccumulator {
    var accumulator = MomentsAccumulator(binCount: 129)
    for portion in portions { accumulator.add(logMagnitudes: portion.span) }
    return accumulator
  }

  /// Both sides are rounded to single precision: 2⁻²⁴ of at most 14, twice, and the oracle's own
  /// log-magnitudes are the input.
  @Test func equalTheReferenceProgramOverClipsOfDifferentLength() throws {
    let golden = try Golden("normalization")
    let accumulator = try accumulate(logs())
    #expect(accumulator.frameCount == 27 + 41 + 9)
    try expectWithin(1e-6, accumulator.moments.mean, golden.floats("mean"))
    try expectWithin(1e-6, accumulator.moments.deviation, golden.floats("deviation"))
  }

  /// In double precision the order matters to 10⁻¹² of 14: after rounding, to one last place at
  /// most.
  @Test func doNotDependOnHowTheStreamIsCut() throws {
    let whole = try logs().flatMap { $0 }
    let expected = try accumulate([whole]).moments
    for frames in [1, 2, 5, 76] {
      let portions = stride(from: 0, to: whole.count, by: frames * 129).map {
        Array(whole[$0..<min($0 + frames * 129, whole.count)])
      }
      var merged = MomentsAccumulator(binCount: 129)
      for portion in portions.reversed() { merged.merge(accumulate([portion])) }
      for moments in try [accumulate(portions).moments, merged.moments] {
        expectWithin(1e-6, moments.mean, expected.mean)
        expectWithin(1e-6, moments.deviation, expected.deviation)
      }
    }
  }

  @Test func sameOrderOfMergingGivesTheSameBits() throws {
    let parts = try logs().map { accumulate([$0]) }
    var (one, other) = (MomentsAccumulator(binCount: 129), MomentsAccumulator(binCount: 129))
    for part in parts { one.merge(part) }
    for clip in try logs() { other.add(logMagnitudes: clip.span) }
    #expect(try one.moments == other.moments)
  }

  @Test func nothingMergedChangesNothing() throws {
    var accumulator = try accumulate(logs())
    let before = try accumulator.moments
    accumulator.merge(MomentsAccumulator(binCount: 129))
    accumulator.add(logMagnitudes: [Float]().span)
    #expect(try accumulator.moments == before)
  }

  /// A deviation of 10⁻³ about −13.8: a sum of squares in single precision would see none of it.
  @Test func smallDeviationsSurviveALargeMean() throws {
    var accumulator = MomentsAccumulator(binCount: 1)
    let values = (0..<1000).map { Float(-13.8) + ($0.isMultiple(of: 2) ? 0x1p-10 : -0x1p-10) }
    accumulator.add(logMagnitudes: values.span)
    // −13.8 is stored to 10⁻⁶.
    #expect(try abs(accumulator.moments.deviation[0] / 0x1p-10 - 1) <= 1e-3)
  }

  @Test func aConstantBandHasTheSmallestDeviation() throws {
    var accumulator = MomentsAccumulator(binCount: 2)
    let values = (0..<200).map { [-13.815510, 1, -13.815510, -1][$0 % 4] as Float }
    accumulator.add(logMagnitudes: values.span)
    #expect(try accumulator.moments.mean[0] == -13.815510)
    #expect(try accumulator.moments.deviation == [Moments.smallestDeviation, 1])
  }

  @Test func momentsFromAFileAreChecked() throws {
    let floored = try Moments(mean: [1, 2], deviation: [0, 3])
    #expect(floored.deviation == [Moments.smallestDeviation, 3])
    #expect(throws: SpecGANError.momentCounts(means: 2, deviations: 1)) {
      try Moments(mean: [1, 2], deviation: [1])
    }
    #expect(throws: SpecGANError.moment(mean: 2, deviation: -1, bin: 1)) {
      try Moments(mean: [1, 2], deviation: [1, -1])
    }
    #expect(throws: SpecGANError.self) { try Moments(mean: [.nan], deviation: [1]) }
    #expect(throws: SpecGANError.self) { try Moments(mean: [1], deviation: [.infinity]) }
  }
}
