import Scores
import SpecGANClassification
import SpecGANErrors
import SpecGANEvaluation
import SpecGANTestSupport
import SpecGANWorkers
import Testing

/// Too few features, equal ones, or NaN: an error or a score, never a trap.
@Suite struct DegenerateFeaturesTests {
  private static let workers = Workers(count: 1)

  private func error(_ body: () throws -> Void) -> SpecGANError? {
    do {
      try body()
      return nil
    } catch { return error as? SpecGANError }
  }

  @Test func noRowsAndNoNumbersAreNoFeatures() {
    #expect(
      error { _ = try Features([], dimension: 3) }
        == .tooFew(what: "clips", found: 0, needed: 1))
    for bad in [Float.nan, .infinity, -.infinity] {
      #expect(
        error { _ = try Features([1, 2, 3, bad], dimension: 2) }
          == .notFinite(what: "features", row: 1))
    }
  }

  @Test func tooFewSoundsAreNamed() throws {
    let workers = Self.workers
    let one = try Features([1, 2], dimension: 2)
    let four = try Features(randomNumbers(8, seed: 1), dimension: 2)
    let few = SpecGANError.tooFew(what: "clips", found: 1, needed: 2)
    #expect(error { _ = try FrechetReference(one, workers: workers) } == few)
    let reference = try FrechetReference(four, workers: workers)
    #expect(error { _ = try reference.distance(to: one, workers: workers) } == few)
    #expect(
      error { _ = try KernelDistance(of: one, from: four, workers: workers) }
        == .tooFew(what: "clips", found: 1, needed: 3))
    #expect(error { _ = try one.meanNearestDistanceToOthers(workers: workers) } == few)
    #expect(error { _ = try PrincipalComponents(of: one, workers: workers) } == few)
    #expect(
      error { _ = try NeighborScores(of: four, real: four, neighbors: 4, workers: workers) }
        == .tooFew(what: "clips", found: 4, needed: 5))
    #expect(
      error { _ = try FrechetExtrapolation(of: four, from: reference, workers: workers) }
        == .tooFew(what: "clips", found: 4, needed: 16))
    #expect(
      error { _ = try BinComparison(of: four, real: four, bins: 5, workers: workers) }
        == .tooFew(what: "distinct clips", found: 4, needed: 5))
  }

  @Test func equalSoundsAreNumbersOrNamed() throws {
    let workers = Self.workers
    let equal = try Features([Float](repeating: 0.3, count: 60), dimension: 3)
    let other = try Features(randomNumbers(60, seed: 2), dimension: 3)
    let reference = try FrechetReference(equal, workers: workers)
    #expect(try reference.distance(to: equal, workers: workers) == 0)
    #expect(try reference.distance(to: other, workers: workers) > 0)
    let extrapolation = try FrechetExtrapolation(of: equal, from: reference, workers: workers)
    #expect(extrapolation.distance == 0 && extrapolation.determination == 1)
    let same = try NeighborScores(of: equal, real: equal, workers: workers)
    #expect(same.precision == 1 && same.recall == 1 && same.coverage == 1 && same.density == 4)
    let kernel = try KernelDistance(of: equal, from: equal, workers: workers)
    #expect(abs(kernel.value) < 1e-12 && kernel.standardError < 1e-12)
    let constant = SpecGANError.constant(what: "rows")
    #expect(error { _ = try PrincipalComponents(of: equal, workers: workers) } == constant)
    #expect(
      error { _ = try Clusters(of: equal, count: 2, workers: workers) }
        == .tooFew(what: "distinct clips", found: 1, needed: 2))
    #expect(
      error {
        _ = try RelativeDistances(
          of: other, training: other, heldOut: equal, workers: workers)
      }?.description.hasPrefix("All held-out clips") == true)
    #expect(try BinComparison(of: other, real: equal, bins: 1, workers: workers).divergence == 0)
  }

  @Test func otherFeaturesAndSettingsAreNamed() throws {
    let workers = Self.workers
    let (x, y) = (
      try Features(randomNumbers(60, seed: 1), dimension: 3),
      try Features(randomNumbers(60, seed: 2), dimension: 2)
    )
    let reference = try FrechetReference(x, workers: workers)
    let wrong = SpecGANError.dimension(found: 2, expected: 3)
    #expect(error { _ = try reference.distance(to: y, workers: workers) } == wrong)
    #expect(error { _ = try KernelDistance(of: y, from: x, workers: workers) } == wrong)
    #expect(error { _ = try NeighborScores(of: y, real: x, workers: workers) } == wrong)
    #expect(error { _ = try BinComparison(of: y, real: x, bins: 2, workers: workers) } == wrong)
    for settings in [
      error { _ = try NeighborScores(of: x, real: x, neighbors: 0, workers: workers) },
      error { _ = try Clusters(of: x, count: 0, workers: workers) },
      error { _ = try FrechetExtrapolation(of: x, from: reference, steps: 1, workers: workers) },
    ] {
      #expect(settings?.description.hasSuffix("use at least \(settings?.least ?? 0).") == true)
    }
  }

  /// Settings of complete computations are refused before any work, with the names of their
  /// options.
  @Test func settingsOutOfRangeAreNamed() {
    func classifier(_ change: (inout ClassifierTraining.Settings) -> Void) -> SpecGANError? {
      var settings = ClassifierTraining.Settings()
      change(&settings)
      return error { try settings.check() }
    }
    func study(_ change: (inout ComponentStudy.Request) -> Void) -> SpecGANError? {
      var request = ComponentStudy.Request()
      change(&request)
      return error { try request.check() }
    }
    #expect(classifier { _ in } == nil && study { _ in } == nil)
    for (found, words) in [
      (classifier { $0.channels = 0 }, "channels is 0; use a whole number from 1 to 1024."),
      (classifier { $0.batchSize = 1 }, "batch size is 1; use a whole number from 2 to 4096."),
      (classifier { $0.epochs = 0 }, "epochs is 0;"),
      (classifier { $0.patience = -1 }, "patience is -1;"),
      (classifier { $0.learningRate = .infinity }, "learning rate is inf; use a number above 0"),
      (classifier { $0.dropout = 1 }, "dropout is 1.0;"),
      (study { $0.length = 0 }, "length is 0;"), (study { $0.count = -1 }, "count is -1;"),
      (study { $0.shownCount = 65 }, "shown is 65;"),
      (study { $0.patch = (33, 32) }, "patch is 33x32;"),
      (study { ($0.length, $0.count) = (1_024, 1 << 19) }, "count is 524288; use at most 262144"),
    ] {
      #expect(found?.description.hasPrefix(words) == true, "\(words) \(String(describing: found))")
    }
  }

  /// Features whose distances overflow float32 are refused, and slightly smaller ones are not.
  @Test func hugeFeaturesAreNumbersOrNamed() throws {
    let workers = Self.workers
    let numbers = randomNumbers(60, seed: 1)
    #expect(
      error { _ = try Features([1, 1] + numbers.map { $0 * 1e30 }, dimension: 2) }
        == .tooLarge(row: 1))
    let large = try Features(numbers.map { $0 * 2e18 }, dimension: 3)
    let reference = try FrechetReference(large, workers: workers)
    let scores = try NeighborScores(of: large, real: large, workers: workers)
    #expect(scores.precision == 1 && scores.density < 20)
    #expect(try large.meanNearestDistanceToOthers(workers: workers).isFinite)
    #expect(try reference.distance(to: large, workers: workers) < 1e-6 * 1e36)
    #expect(try KernelDistance(of: large, from: large, workers: workers).value.isFinite)
    #expect(try BinComparison(of: large, real: large, bins: 5, workers: workers).divergence == 0)
  }
}

extension SpecGANError {
  fileprivate var least: Int? {
    allowed?.split(separator: " ").last.flatMap { Int($0) }
  }
}
