import SpecGANErrors
import SpecGANFiles
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// A session notifies its monitors in order and with values.
@Suite struct MonitorTests {
  /// A monitor that records its calls, and fails at a given step.
  private final class Listener: Monitor {
    var heard: [String] = []
    var previews: [Preview] = []
    var failingStep: Int?

    func record(
      _ entry: RunLog.Entry, of networks: TrainedNetworksView
    ) throws(SpecGANError) {
      heard.append("step \(entry.step)")
      if entry.step == failingStep { throw .notFound(path: "nowhere") }
    }

    func record(_ preview: Preview, of networks: TrainedNetworksView) {
      heard.append("preview \(preview.step)")
      previews.append(preview)
    }

    func checkpointWritten(step: Int) { heard.append("checkpoint \(step)") }
    func rolledBack(to step: Int) { heard.append("back to \(step)") }
    func stopped(_ outcome: SessionOutcome) { heard.append(outcome.rawValue) }
  }

  private func session(_ small: SmallRun, _ monitor: any Monitor) throws -> TrainingSession {
    try TrainingSession(
      small.configuration, run: small.run(), cache: small.cache, resuming: false,
      monitors: [monitor], engine: Engine(threads: 2))
  }

  @Test(arguments: ModelKind.allCases)
  func theyHearEverythingInOrder(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, in: folder)
      small.configuration.monitoring.previewCount = 2
      small.configuration.training.checkpointSteps = 2
      let listener = Listener()
      _ = try session(small, listener).train(until: .steps(3))
      var expected: [String] = []
      var best = Float.infinity
      for entry in try RunLog.entries(path: small.run().logPath) {
        expected += ["step \(entry.step)", "preview \(entry.step)"]
        let score = try #require(entry.spectralDistance ?? entry.stopSpectralDistance)
        // Those on schedule, those of a new best score, and that of the stop.
        if entry.step != 1 || score < best { expected.append("checkpoint \(entry.step)") }
        best = min(best, score)
      }
      #expect(listener.heard == expected + ["reached_steps"] && expected.count >= 8)
      // The values are those of the run's files.
      for preview in listener.previews {
        let name = small.run().previewFolder(step: preview.step).dropFirst(folder.path("").count)
        for (index, clip) in preview.clips.enumerated() {
          #expect(try folder.bytes(of: "\(name)/0\(index).wav") == clip.wav)
          #expect(try folder.bytes(of: "\(name)/0\(index).png") == clip.png)
        }
        #expect(try folder.bytes(of: "\(name)/overview.png") == preview.overview)
        #expect(preview.clips.count == 2 && preview.realClips.count == 2)
      }
    }
  }

  /// The checkpoint of the same step is still written.
  @Test func aFailingOneCostsNoCheckpoint() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, in: folder)
      small.configuration.training.checkpointSteps = 2
      let listener = Listener()
      listener.failingStep = 2
      let session = try session(small, listener)
      #expect(throws: SpecGANError.notFound(path: "nowhere")) {
        try session.train(until: .steps(3))
      }
      #expect(try small.run().checkpointSteps() == [2])
    }
  }
}
