import Foundation
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// Law 2: training n + m steps is training n, stopping, and training m, in every bit of every
/// tensor.
@Suite struct ResumingTests {
  @Test(arguments: ModelKind.allCases, [2, 4])
  func stoppingAtAStepChangesNoBit(_ kind: ModelKind, _ dimension: Int) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, dimension: dimension, in: folder)
      try small.train("once", to: 5)
      for stop in [1, 3, 4] {
        try small.train("at \(stop)", to: stop)
        try small.train("at \(stop)", to: 5, resuming: true)
        #expect(try small.bytes("at \(stop)", step: 5) == small.bytes("once", step: 5))
        #expect(try small.losses("at \(stop)") == small.losses("once"))
      }
    }
  }

  @Test(arguments: ModelKind.allCases)
  func stoppingAfterEveryStepChangesNoBit(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, dimension: 3, in: folder)
      try small.train("once", to: 4)
      try small.train("often", to: 0)
      for step in 1...4 { try small.train("often", to: step, resuming: true) }
      #expect(try small.bytes("often", step: 4) == small.bytes("once", step: 4))
      #expect(try small.losses("often") == small.losses("once"))
    }
  }

  /// A session asks before the first step, and after a step before and after its report.
  @Test(arguments: ModelKind.allCases)
  func interruptionsChangeNoBit(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, in: folder)
      try small.train("once", to: 4)
      for moment in 0..<7 {
        let name = "at \(moment)"
        var asked = 0
        let outcome = try small.session(name).train(
          until: .steps(4),
          isInterrupted: {
            asked += 1
            return asked > moment
          })
        #expect(outcome == .interrupted)
        #expect(try small.run(name).checkpointSteps() == [(moment + 1) / 2])
        try small.train(name, to: 4, resuming: true)
        #expect(try small.bytes(name, step: 4) == small.bytes("once", step: 4))
        #expect(try small.losses(name) == small.losses("once"))
      }
    }
  }

  /// The files after a kill: a log with later steps than the last checkpoint, and a truncated last
  /// line.
  @Test(arguments: ModelKind.allCases)
  func theLogGoesBackToTheCheckpoint(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, in: folder)
      small.configuration.training.checkpointSteps = 2
      try small.train("once", to: 5)
      try small.train(to: 5)
      try FileManager.default.removeItem(atPath: small.run().checkpointPath(step: 5))
      let log = try folder.bytes(of: "run/log.jsonl")
      try folder.write(Array(log.dropLast(20)), as: "run/log.jsonl")
      let session = try small.session(resuming: true)
      #expect(session.trainer.step == 4)
      #expect(try small.losses().map { $0[0] } == [1, 2, 3, 4])
      #expect(try session.train(until: .steps(5)) == .reachedSteps)
      #expect(try small.losses() == small.losses("once"))
      #expect(try small.bytes(step: 5) == small.bytes("once", step: 5))
      let seconds = try RunLog.entries(path: small.run().logPath).map(\.wallSeconds)
      #expect(seconds == seconds.sorted(), "time goes on where the checkpoint stands")
    }
  }

  @Test func aRunWithoutACheckpointStartsAtTheBeginning() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      try small.train("once", to: 2)
      try small.train(to: 2)
      try FileManager.default.removeItem(atPath: small.run().checkpointPath(step: 2))
      let session = try small.session(resuming: true)
      #expect(session.trainer.step == 0)
      #expect(try small.losses() == small.losses("once"), "nothing changes before a step")
      #expect(try session.train(until: .steps(2)) == .reachedSteps)
      #expect(try small.bytes(step: 2) == small.bytes("once", step: 2))
      try small.train("never begun", to: 2, resuming: true)
      #expect(try small.bytes("never begun", step: 2) == small.bytes("once", step: 2))
    }
  }

  /// Law 1.
  @Test(arguments: ModelKind.allCases)
  func bitsDoNotDependOnThreads(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, in: folder)
      for threads in [1, 2, 3, 7] { try small.train("\(threads)", to: 2, threads: threads) }
      try small.train("mixed", to: 1, threads: 3)
      try small.train("mixed", to: 2, resuming: true, threads: 1)
      for name in ["2", "3", "7", "mixed"] {
        #expect(try small.bytes(name, step: 2) == small.bytes("1", step: 2), "\(name)")
        #expect(try small.losses(name) == small.losses("1"), "\(name)")
      }
    }
  }

  @Test func anotherSeedIsAnotherRun() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.specgan, in: folder)
      try small.train("5", to: 1)
      small.configuration.training.seed = 6
      try small.train("6", to: 1)
      #expect(try small.losses("5") != small.losses("6"))
    }
  }
}
