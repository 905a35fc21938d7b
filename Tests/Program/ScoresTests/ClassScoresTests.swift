import Scores
import SpecGANErrors
import SpecGANTestSupport
import Testing

/// Scores of class probabilities, compared with SciPy, and their laws.
@Suite struct ClassScoresTests {
  /// Sums of a hundred terms in double precision, of numbers stored in float32: half a unit of
  /// 2⁻²⁴.
  private static let tolerance = 0x1p-22

  @Test func scoresAreTheReferences() throws {
    let golden = try Golden("scores")
    let probabilities = try ClassProbabilities(
      golden.floats("classes/probabilities"), classCount: 10)
    for (name, splits) in [
      ("inception", 6), ("inception_whole", 1), ("inception_uneven", 7),
    ] {
      let expected = try golden.floats("classes/\(name)").map(Double.init)
      let score = try probabilities.inceptionScore(splits: splits)
      #expect(abs(score.mean - expected[0]) <= Self.tolerance * expected[0])
      #expect(abs(score.deviation - expected[1]) <= Self.tolerance * expected[0])
    }
    let modified = Double(try golden.floats("classes/modified")[0])
    #expect(abs(probabilities.modifiedInceptionScore - modified) <= Self.tolerance * modified)
    let training = try golden.floats("classes/training").map(Double.init)
    let am = Double(try golden.floats("classes/am")[0])
    #expect(try abs(probabilities.amScore(training: training) - am) <= Self.tolerance * am)
    #expect(try probabilities.histogram == golden.integers("classes/histogram").map(Int.init))
    let accuracy = Double(try golden.floats("classes/accuracy")[0])
    let labels = try golden.integers("classes/labels")
    #expect(try abs(probabilities.accuracy(against: labels) - accuracy) <= 0x1p-24)
  }

  /// A probability of zero adds nothing: ten certain classes have a score of ten, up to rounding.
  @Test func certaintyIsANumber() throws {
    let golden = try Golden("scores")
    let sure = try ClassProbabilities(golden.floats("classes/sure"), classCount: 10)
    let expected = try golden.floats("classes/sure_inception").map(Double.init)
    let score = try sure.inceptionScore(splits: 4)
    #expect(abs(score.mean - expected[0]) < 1e-6 && abs(score.mean - 10) < 1e-12)
    #expect(score.deviation < 1e-12)
    #expect(sure.modifiedInceptionScore.isFinite && sure.modifiedInceptionScore > 1e30)
    let even = [Double](repeating: 0.1, count: 10)
    #expect(try abs(sure.amScore(training: even)) < 1e-7)
    // One certain class of ten: the worst score, which is still finite.
    let one = try ClassProbabilities(
      (0..<200).map { $0.isMultiple(of: 10) ? 1 : 0 }, classCount: 10)
    #expect(try one.inceptionScore(splits: 2) == MeanAndDeviation(of: [1]))
    let am = try one.amScore(training: even)
    #expect(am.isFinite && am > 10)
    #expect(one.reachedClassCount == 1 && sure.reachedClassCount == 10)
  }

  /// Half of the classes missing, or less certainty, is worse by every score.
  @Test func scoresOrderAsTheyShould() throws {
    let even = [Double](repeating: 0.1, count: 10)
    let sets = try [(10, 0.9), (5, 0.9), (10, 0.5), (1, 0.9)].map { classes, certainty in
      try Self.set(of: classes, certainty: Float(certainty))
    }
    let scores = try sets.map { try $0.inceptionScore(splits: 5).mean }
    #expect(scores[0] > scores[1] && scores[1] > scores[3] && scores[0] > scores[2])
    #expect(scores.allSatisfy { $0 >= 1 && $0 <= 10 })
    let modified = sets.map(\.modifiedInceptionScore)
    #expect(modified[0] > modified[1] && modified[1] > modified[3] && modified[0] > modified[2])
    let am = try sets.map { try $0.amScore(training: even) }
    #expect(am[0] < am[1] && am[1] < am[3] && am[0] < am[2])
    #expect(sets.map(\.reachedClassCount) == [10, 5, 10, 1])
  }

  private static func set(of classes: Int, certainty: Float) throws -> ClassProbabilities {
    let rest = (1 - certainty) / 9
    return try ClassProbabilities(
      (0..<100).flatMap { row in (0..<10).map { $0 == row % classes ? certainty : rest } },
      classCount: 10)
  }

  // MARK: - Bad input

  @Test func whatIsNoProbabilityIsNamed() throws {
    func error(_ values: [Float]) -> SpecGANError? {
      do throws(SpecGANError) {
        _ = try ClassProbabilities(values, classCount: 2)
        return nil
      } catch { return error }
    }
    #expect(error([]) == .tooFew(what: "clips", found: 0, needed: 1))
    #expect(error([0.5, 0.5, 0.7, 0.7]) == .notProbabilities(row: 1, sum: 1.4))
    #expect(error([1.5, -0.5]) == .notProbabilities(row: 0, sum: 1))
    #expect(error([.nan, 1])?.description.contains("Row 0") == true)
    #expect(error([.infinity, 0])?.description.contains("Row 0") == true)
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let probabilities = try ClassProbabilities([0.5, 0.5, 1, 0], classCount: 2)
    #expect(throws: SpecGANError.tooFew(what: "clips", found: 2, needed: 3)) {
      try probabilities.inceptionScore(splits: 3)
    }
    #expect(throws: SpecGANError.self) { try probabilities.inceptionScore(splits: 0) }
    #expect(throws: SpecGANError.self) { try probabilities.amScore(training: [1]) }
    #expect(throws: SpecGANError.notDistribution(sum: 0)) {
      try probabilities.amScore(training: [0, 0])
    }
    #expect(throws: SpecGANError.notDistribution(sum: 1)) {
      try probabilities.amScore(training: [1.5, -0.5])
    }
    #expect(throws: SpecGANError.label(found: -1, row: 1, classes: 2)) {
      try probabilities.accuracy(against: [0, -1])
    }
    #expect(throws: SpecGANError.self) { try probabilities.accuracy(against: [0]) }
  }
}
