import Foundation
import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANReports
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// A run that stops when its score no longer improves.
@Suite struct PatienceTests {
  private static let patience = 3

  @Test func itEndsSoManyStepsAfterItsBestScore() throws {
    try withTemporaryFolder { folder in
      let small = try smallRun(folder)
      let session = try small.session()
      #expect(try session.train(until: .steps(60)) == .stoppedImproving)
      let scores = try scores(small)
      let best = try #require(scores.indices.min { scores[$0] < scores[$1] }) + 1
      #expect(session.trainer.step == best + Self.patience && scores.count == session.trainer.step)
      #expect(session.scores.best?.step == best && session.scores.best?.value == scores[best - 1])
      // Not on the schedule of every 100 steps, and only one is to be kept: the best and the last.
      #expect(try small.run().checkpointSteps() == [best, session.trainer.step])
      #expect(try session.bestCheckpointPath == small.run().checkpointPath(step: best))
    }
  }

  /// Generates clips, as far as the run knows, with each checkpoint as soon as it is written.
  private final class Listener: Monitor {
    let run: RunFolder
    private(set) var steps: [Int] = []

    init(_ run: RunFolder) { self.run = run }

    func record(_ entry: RunLog.Entry, of networks: TrainedNetworksView) {}
    func record(_ preview: Preview, of networks: TrainedNetworksView) {}
    func checkpointWritten(step: Int) throws(SpecGANError) {
      steps.append(step)
      let folder = "\(run.path)/clips of \(step)"
      try Folder.create(folder)
      try run.keep(step, for: folder)
    }
    func rolledBack(to step: Int) {}
    func stopped(_ outcome: SessionOutcome) {}
  }

  /// A better score does not remove the checkpoint of the former one if clips need it.
  @Test func checkpointsOfClipsOutliveBetterScores() throws {
    try withTemporaryFolder { folder in
      let small = try smallRun(folder)
      let listener = Listener(small.run())
      let session = try TrainingSession(
        small.configuration, run: small.run(), cache: small.cache, resuming: false,
        monitors: [listener], engine: Engine(threads: 2))
      #expect(try session.train(until: .steps(60)) == .stoppedImproving)
      // Several best scores, then the last step.
      #expect(listener.steps.count > 2)
      let kept = try small.run().checkpointSteps()
      #expect(Set(kept) == Set(listener.steps), "\(kept), written \(listener.steps)")
    }
  }

  /// Law 2: stopped or killed at any step and resumed, it ends at the same step.
  @Test func stoppingAndKillsChangeNothing() throws {
    try withTemporaryFolder { folder in
      let small = try smallRun(folder)
      let once = try small.session("once")
      #expect(try once.train(until: .steps(60)) == .stoppedImproving)
      let end = once.trainer.step
      for stop in 1..<end {
        let name = "at \(stop)"
        try small.train(name, to: stop)
        try expectTheSame(small, name, end)
      }
      for stop in [2, end - 1] {
        // A kill before that step's checkpoint: the last one is an earlier one, or none exists.
        let name = "killed \(stop)"
        try small.train(name, to: stop)
        try FileManager.default.removeItem(atPath: small.run(name).checkpointPath(step: stop))
        try expectTheSame(small, name, end)
      }
    }
  }

  private func expectTheSame(_ small: SmallRun, _ name: String, _ end: Int) throws {
    let session = try small.session(name, resuming: true, threads: 1)
    #expect(try session.train(until: .steps(60)) == .stoppedImproving)
    #expect(session.trainer.step == end)
    #expect(try small.bytes(name, step: end) == small.bytes("once", step: end))
    #expect(try small.losses(name) == small.losses("once"))
    #expect(try scores(small, name) == scores(small, "once"))
  }

  /// After such an end, resuming does nothing; with more patience it continues as if it had had
  /// that patience from the start.
  @Test func itStaysEndedUntilPatienceIsRaised() throws {
    try withTemporaryFolder { folder in
      var small = try smallRun(folder)
      #expect(try small.session().train(until: .steps(60)) == .stoppedImproving)
      let before = try folder.bytes(of: "run/log.jsonl")
      let steps = try small.run().checkpointSteps()
      let end = try #require(steps.last)
      let checkpoint = try small.bytes(step: end)
      for limits in [.steps(60), .init()] as [TrainingSession.Limits] {
        #expect(try small.session(resuming: true).train(until: limits) == .stoppedImproving)
      }
      #expect(try folder.bytes(of: "run/log.jsonl") == before)
      #expect(try small.bytes(step: end) == checkpoint)
      #expect(try small.run().checkpointSteps() == steps)

      small.configuration.training.patience = 5
      let outcome = try small.session(resuming: true).train(until: .steps(end + 2))
      #expect(try small.losses().count > end)
      #expect(try small.session("patient").train(until: .steps(end + 2)) == outcome)
      #expect(try small.losses() == small.losses("patient"))
    }
  }

  /// A limit on steps that is reached first ends the run.
  @Test func stepsComeFirst() throws {
    try withTemporaryFolder { folder in
      let small = try smallRun(folder)
      let session = try small.session("once")
      _ = try session.train(until: .steps(60))
      let end = session.trainer.step
      #expect(try small.session().train(until: .steps(end)) == .reachedSteps)
      #expect(try small.session(resuming: true).train(until: .steps(end)) == .reachedSteps)
      #expect(try small.session(resuming: true).train(until: .steps(60)) == .stoppedImproving)
      #expect(try small.losses() == small.losses("once"))
    }
  }

  /// A roll-back removes scores: they are those of the log.
  @Test func scoresThatWereRolledBackAreForgotten() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, in: folder)
      try Poison.put(1e20, in: &small, target: 2)
      small.configuration.training.checkpointSteps = 2
      small.configuration.training.learningRate = 0.01
      small.configuration.training.patience = 50
      small.configuration.monitoring.previewCount = 1
      small.configuration.monitoring.previewSteps = 1
      var session: TrainingSession? = try small.train(to: Poison.steps)
      var logged = ScoreHistory()
      for entry in try RunLog.entries(path: small.run().logPath) { logged.add(entry) }
      #expect(session?.scores == logged && session?.trainer.rollBacks == 1)
      session = nil  // it holds the run's lock
      let resumed = try small.session(resuming: true)
      #expect(resumed.scores == logged)
      let best = try #require(logged.best?.step)
      #expect(try small.run().checkpointSteps().contains(best))
    }
  }

  // MARK: - Scores

  @Test func theFirstOfEqualScoresIsTheBest() {
    var scores = history([(1, 3), (2, nil), (3, 2), (4, 2), (5, nil), (7, 2.5)])
    #expect(scores.best?.step == 3 && scores.best?.value == 2)
    #expect(scores.isOver(at: 7, patience: 4) && !scores.isOver(at: 7, patience: 5))
    #expect(!scores.isOver(at: 7, patience: 0), "0 is never")
    #expect(!scores.isOver(at: 8, patience: 4), "a step without a score ends nothing")
    scores.goBack(to: 3)
    #expect(scores == history([(1, 3), (3, 2)]))
    scores.goBack(to: 0)
    #expect(scores == ScoreHistory() && scores.best == nil)
    #expect(!scores.isOver(at: 0, patience: 1))
  }

  private func history(_ scores: [(Int, Float?)]) -> ScoreHistory {
    var history = ScoreHistory()
    for (step, score) in scores {
      var entry = RunLog.Entry(step: step, wallSeconds: 0, losses: StepLosses(), secondsPerStep: 0)
      entry.spectralDistance = score
      history.add(entry)
    }
    return history
  }

  /// With such a high learning rate the score soon gets worse.
  private func smallRun(_ folder: TemporaryFolder) throws -> SmallRun {
    var small = try SmallRun(.wavegan, dimension: 1, in: folder)
    small.configuration.training.learningRate = 0.01
    small.configuration.training.checkpointSteps = 100
    small.configuration.training.checkpointsKept = 1
    small.configuration.training.patience = Self.patience
    small.configuration.monitoring.previewCount = 1
    small.configuration.monitoring.previewSteps = 1
    return small
  }

  private func scores(_ small: SmallRun, _ name: String = "run") throws -> [Float] {
    try RunLog.entries(path: small.run(name).logPath).compactMap(\.spectralDistance)
  }
}
