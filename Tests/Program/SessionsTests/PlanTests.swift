import Foundation
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// The planned end of a run, with which the learning rates decay.
@Suite struct PlanTests {
  private func decaying(_ folder: TemporaryFolder) throws -> SmallRun {
    var small = try SmallRun(.specgan, in: folder)
    small.configuration.training.learningRateDecay = .linear
    small.configuration.training.decayTo = 0.1
    return small
  }

  private func plans(_ small: SmallRun, _ name: String = "run") throws -> [Int?] {
    let stored = try Configuration(path: small.run(name).configurationPath)
    let checkpoint = try #require(try small.run(name).lastWholeCheckpoint()).checkpoint
    let logged = try RunLog.entries(path: small.run(name).logPath).map(\.plannedSteps)
    return [stored.training.plannedSteps, checkpoint.configuration.training.plannedSteps] + logged
  }

  /// The first limit fixes the plan, and later ones do not change it.
  @Test func theLimitOfStepsFixesThePlan() throws {
    try withTemporaryFolder { folder in
      let small = try decaying(folder)
      try small.train(to: 2)
      #expect(try plans(small) == [2, 2, 2, 2])
      let resumed = try small.train(to: 3, resuming: true)
      #expect(resumed.warnings.isEmpty)
      #expect(try plans(small) == [2, 2, 2, 2, 2])
    }
  }

  /// Law 2, for a given plan.
  @Test func aPlanThatIsGivenGivesTheSameBits() throws {
    try withTemporaryFolder { folder in
      var small = try decaying(folder)
      small.configuration.training.plannedSteps = 5
      try small.train("once", to: 4)
      try small.train("twice", to: 1)
      try small.train("twice", to: 4, resuming: true)
      #expect(try small.bytes("twice", step: 4) == small.bytes("once", step: 4))
      small.configuration.training.plannedSteps = nil
      try small.train("twice", to: 5, resuming: true)
      small.configuration.training.plannedSteps = 5
      try small.train("once", to: 5, resuming: true)
      #expect(try small.bytes("twice", step: 5) == small.bytes("once", step: 5))
    }
  }

  @Test func anotherPlanIsTakenAndReported() throws {
    try withTemporaryFolder { folder in
      var small = try decaying(folder)
      try small.train(to: 2)
      small.configuration.training.plannedSteps = 7
      let resumed = try small.train(to: 3, resuming: true)
      #expect(resumed.warnings.count == 1)
      #expect(resumed.warnings[0].contains("training.planned_steps was 2 and is now 7"))
      #expect(try plans(small) == [7, 7, 2, 2, 7])
    }
  }

  /// Without the caller's consent a plan in the settings changes none.
  @Test func aPlanMayBeKept() throws {
    try withTemporaryFolder { folder in
      var small = try decaying(folder)
      try small.train(to: 2)
      small.configuration.training.plannedSteps = 7
      let resumed = try small.session(resuming: true, changesPlan: false)
      #expect(resumed.warnings.count == 1)
      #expect(resumed.warnings[0].contains("training.planned_steps stays 2"))
      #expect(try resumed.train(until: .steps(3)) == .reachedSteps)
      #expect(try plans(small) == [2, 2, 2, 2, 2])
    }
  }

  /// Networks that grow must not be at another level by the new plan; later it may change.
  @Test func aPlanByWhichTheLevelWouldChangeIsRefused() throws {
    try withTemporaryFolder { folder in
      var small = try decaying(folder)
      small.configuration.network.isGrowing = true
      small.configuration.training.growingShare = 1
      small.configuration.training.plannedSteps = 6
      try small.train(to: 3)
      small.configuration.training.plannedSteps = 60
      let error = #expect(throws: SpecGANError.self) {
        try small.train(to: 4, resuming: true)
      }
      #expect(error?.code == "runs.otherLevel")
      small.configuration.training.plannedSteps = 6
      try small.train(to: 7, resuming: true)
      small.configuration.training.plannedSteps = 7
      #expect(try small.train(to: 8, resuming: true).warnings.count == 1)
    }
  }

  @Test func aPlanThatIsTooShortToGrowIsReported() throws {
    try withTemporaryFolder { folder in
      var small = try decaying(folder)
      small.configuration.network.isGrowing = true
      for (steps, isWarned) in [(11, true), (12, false)] {
        small.configuration.training.plannedSteps = steps
        var warnings: [String] = []
        let session = try small.session("run\(steps)")
        _ = try session.train(until: .steps(1), isInterrupted: { false }) {
          if case .warning(let text) = $0 { warnings.append(text) }
        }
        #expect(warnings.contains { $0.contains("planned_steps to at least 12.") } == isWarned)
      }
    }
  }

  /// By the pace of steps that are done again, so that the run has the bits of one with this plan.
  @Test func theLimitOfTimeFixesThePlan() throws {
    try withTemporaryFolder { folder in
      var small = try decaying(folder)
      var limits = TrainingSession.Limits()
      limits.minutes = 60
      var stops = false
      let session = try small.session()
      let outcome = try session.train(until: limits, isInterrupted: { stops }) { _ in
        stops = true
      }
      #expect(outcome == .interrupted && session.trainer.step == 1)
      // An hour has more than 60 steps of this network, even on a busy machine.
      let plan = try #require(session.configuration.training.plannedSteps)
      #expect(plan > 60)
      small.configuration.training.plannedSteps = plan
      try small.train("given", to: 1)
      #expect(try small.bytes(step: 1) == small.bytes("given", step: 1))
    }
  }

  /// A run that was killed before its first checkpoint begins again with its plan.
  @Test func thePlanSurvivesTheLossOfCheckpoints() throws {
    try withTemporaryFolder { folder in
      let small = try decaying(folder)
      try small.train(to: 2)
      let checkpoint = small.run().checkpointPath(step: 2)
      try FileManager.default.removeItem(atPath: checkpoint)
      try small.train(to: 4, resuming: true)
      #expect(try plans(small) == [2, 2, 2, 2, 2, 2])
    }
  }

  /// A plan is a value that the configuration of the run can hold; no steps need none.
  @Test func oddLimitsGiveNoOddPlans() throws {
    try withTemporaryFolder { folder in
      let small = try decaying(folder)
      func outcome(_ name: String, _ limits: TrainingSession.Limits) throws -> Int? {
        let session = try small.session(name)
        var stops = false
        _ = try session.train(until: limits, isInterrupted: { stops }) { _ in stops = true }
        let stored = try Configuration(path: small.run(name).configurationPath)
        #expect(stored.training.plannedSteps == session.configuration.training.plannedSteps)
        return stored.training.plannedSteps
      }
      #expect(try outcome("many", .steps(2_000_000_000)) == 1_000_000_000)
      #expect(try outcome("none", .steps(0)) == nil)
      var limits = TrainingSession.Limits()
      limits.minutes = .infinity
      #expect(try outcome("ever", limits) == 1_000_000_000)
    }
  }

  @Test func aDecayWithoutAnEndIsRefused() throws {
    try withTemporaryFolder { folder in
      let small = try decaying(folder)
      let error = #expect(throws: SpecGANError.self) {
        _ = try small.session().train(until: .init())
      }
      #expect(error?.code == "runs.noPlan" && error?.kind == .badSetting)
      #expect(try !small.run().isStarted)
    }
  }

  @Test func withoutADecayThereIsNoPlan() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      try small.train(to: 1)
      #expect(try plans(small) == [nil, nil, nil])
    }
  }
}
