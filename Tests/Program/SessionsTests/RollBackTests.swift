import Foundation
import Networks
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// A run that diverges rolls back to an intact checkpoint and continues on another branch; law 2
/// holds on that branch, too.
@Suite struct RollBackTests {
  /// NaN, and a finite value that makes the loss explode.
  private static let values: [Float] = [.nan, 1e20]

  @Test(arguments: ModelKind.allCases, values)
  func aRunGoesOnFromItsLastCheckpointWithOtherDraws(_ kind: ModelKind, _ value: Float) throws {
    try withTemporaryFolder { folder in
      let small = try poisoned(kind, value, schedule: 2, in: folder)
      let warnings = try train(small, "run")
      let warning = try #require(warnings.first)
      #expect(warnings.count == 1 && warning.contains("at step 4; rolling back to step 2"))
      #expect(warning.contains("the critic's loss is \(value.isNaN ? "not a finite number" : "")"))
      #expect(value.isNaN || warning.contains("beyond recovery.largest_loss"))
      #expect(try small.losses().map { $0[0] } == [1, 2, 3, 4, 5, 6])
      #expect(try small.run().checkpointSteps() == [2, 4, 6])
      let rollBacks = try [2, 4, 6].map {
        try Checkpoint(path: small.run().checkpointPath(step: $0)).rollBacks
      }
      #expect(rollBacks == [0, 1, 1])
    }
  }

  /// Law 2: the run may be stopped at any step, before or after the roll-back.
  @Test(.training, arguments: ModelKind.allCases, [(2, 1), (2, 5), (100, 5)])
  func stoppingChangesNoBit(_ kind: ModelKind, _ every: (schedule: Int, kept: Int)) throws {
    try withTemporaryFolder { folder in
      var small = try poisoned(kind, .nan, schedule: every.schedule, in: folder)
      small.configuration.training.checkpointsKept = every.kept
      try train(small, "once")
      for asked in 0..<9 {
        let name = "stopped \(asked)"
        var count = 0
        _ = try small.session(name).train(
          until: .steps(Poison.steps),
          isInterrupted: {
            count += 1
            return count > asked
          })
        try train(small, name, resuming: true)
        #expect(try small.bytes(name, step: 6) == small.bytes("once", step: 6), "\(name)")
        #expect(try small.losses(name) == small.losses("once"), "\(name)")
      }
      try small.train("often", to: 0)
      for step in 1...Poison.steps { try train(small, "often", to: step, resuming: true) }
      #expect(try small.bytes("often", step: 6) == small.bytes("once", step: 6))
      #expect(try small.losses("often") == small.losses("once"))
    }
  }

  /// The state of adaptive augmentation becomes that of the checkpoint. It counts the critic's
  /// updates, one for each step, up to four; that of step 3, which is lost, must not count.
  @Test func adaptiveAugmentationRollsBack() throws {
    try withTemporaryFolder { folder in
      var small = try poisoned(.wavegan, .nan, schedule: 2, in: folder)
      small.configuration.training.loss = .relativisticPairs
      small.configuration.training.augmentation = .adaptive
      #expect(try train(small, "run").first?.contains("rolling back to step 2") == true)
      let states = try [2, 4, 6].map {
        try Checkpoint(path: small.run().checkpointPath(step: $0)).augmentation
      }
      #expect(states.map(\.count) == [2, 0, 2])
      try train(small, "five", to: 5)
      let fifth = try Checkpoint(path: small.run("five").checkpointPath(step: 5)).augmentation
      #expect(fifth.count == 1)
    }
  }

  /// A preview from a stop on the first branch is removed.
  @Test func previewsOfTheCourseThatWasLeftGo() throws {
    try withTemporaryFolder { folder in
      var small = try poisoned(.wavegan, 1e20, schedule: 2, in: folder)
      small.configuration.monitoring.previewCount = 1
      try train(small, "run", to: Poison.step - 1)
      func steps() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path("run/previews"))
          .filter { $0.hasPrefix("step") }.sorted()
      }
      #expect(try steps().last == "step-00000003")
      try train(small, "run", resuming: true)
      #expect(try steps() == [1, 2, 4, 5, 6].map { "step-0000000\($0)" })
    }
  }

  /// Before the first checkpoint, a run rolls back to the initial weights.
  @Test(arguments: ModelKind.allCases)
  func aRunWithoutACheckpointBeginsAgain(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try poisoned(kind, .nan, schedule: 100, in: folder)
      let warnings = try train(small, "run")
      #expect(warnings.count == 1 && warnings[0].contains("rolling back to step 0"))
      #expect(try small.losses().map { $0[0] } == [1, 2, 3, 4, 5, 6])
    }
  }

  @Test(arguments: ModelKind.allCases)
  func whatNoRollBackHelpsEndsWithAnError(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, dimension: 1, in: folder)
      small.configuration.recovery.divergence = .rollBack
      small.configuration.training.learningRate = 1e12
      small.configuration.training.criticUpdates = 1
      for allowed in [1, 3] {
        small.configuration.recovery.rollBacks = allowed
        var warnings = 0
        let error = try #require(throws: SpecGANError.self) {
          try small.session("\(allowed)").train(
            until: .steps(9),
            report: { event in
              if case .warning = event { warnings += 1 }
            })
        }
        #expect(warnings == allowed)
        #expect(error.kind == .diverged)
        #expect(error.statement.hasSuffix(", after \(allowed) roll-back\(allowed == 1 ? "" : "s")"))
      }
    }
  }

  /// If the checkpoint to roll back to is damaged, the one before it is used.
  @Test func aDamagedTargetIsPassedOver() throws {
    try withTemporaryFolder { folder in
      var small = try poisoned(.wavegan, .nan, schedule: 1, target: 0, in: folder)
      small.configuration.recovery.divergence = .stop
      do {
        let session = try small.session()
        #expect(throws: SpecGANError.self) { try session.train(until: .steps(6)) }
      }
      #expect(try small.run().checkpointSteps() == [1, 2, 3])
      small.configuration.recovery.divergence = .rollBack
      let resumed = try small.session(resuming: true)
      for step in [2, 3] {
        try Data().write(to: URL(filePath: small.run().checkpointPath(step: step)))
      }
      var warnings: [String] = []
      #expect(
        try resumed.train(
          until: .steps(6),
          report: { event in
            if case .warning(let text) = event { warnings.append(text) }
          }) == .reachedSteps)
      #expect(warnings.count == 3, "two damaged ones, and the roll-back: \(warnings)")
      #expect(warnings.last?.contains("rolling back to step 1") == true)
      #expect(try small.losses().map { $0[0] } == [1, 2, 3, 4, 5, 6])
    }
  }

  /// No checkpoint is on the new schedule, so the run cannot roll back: it ends, and keeps all its
  /// files.
  @Test func aChangedScheduleThrowsNoRunAway() throws {
    try withTemporaryFolder { folder in
      var small = try poisoned(.wavegan, .nan, schedule: 3, in: folder)
      try small.train(to: 3)
      small.configuration.training.checkpointSteps = 2
      let session = try small.session(resuming: true)
      let error = try #require(throws: SpecGANError.self) {
        try session.train(until: .steps(Poison.steps))
      }
      #expect(error.kind == .diverged && session.trainer.step + 1 == Poison.step)
      #expect(try small.run().checkpointSteps() == [3])
      #expect(try small.losses().map { $0[0] } == [1, 2, 3])
    }
  }

  private func poisoned(
    _ kind: ModelKind, _ value: Float, schedule: Int, target: Int? = nil,
    in folder: TemporaryFolder
  ) throws -> SmallRun {
    var small = try SmallRun(kind, in: folder)
    small.configuration.training.checkpointSteps = schedule
    let target = target ?? (Poison.step - 1) / schedule * schedule
    try Poison.put(value, in: &small, target: target)
    return small
  }

  /// Trains and returns the warnings.
  @discardableResult
  private func train(
    _ small: SmallRun, _ name: String, to steps: Int = Poison.steps, resuming: Bool = false
  ) throws -> [String] {
    var warnings: [String] = []
    let outcome = try small.session(name, resuming: resuming).train(
      until: .steps(steps),
      report: { event in
        if case .warning(let text) = event { warnings.append(text) }
      })
    #expect(outcome == .reachedSteps)
    return warnings
  }
}
