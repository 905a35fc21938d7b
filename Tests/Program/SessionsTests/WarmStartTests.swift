import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Spectra
import Testing

/// A run that begins with the weights of another: from there on it is a run like any other.
@Suite(.training) struct WarmStartTests {
  /// A run of three steps, and settings for another one on the same or other examples.
  private func first(_ kind: ModelKind, in folder: TemporaryFolder) throws -> SmallRun {
    var small = try SmallRun(kind, in: folder)
    small.configuration.training.averageDecay = 0.9
    try small.train("first", to: 3)
    small.configuration.training.seed = 11
    small.configuration.training.checkpointSteps = 2
    return small
  }

  private func begin(
    _ small: SmallRun, _ name: String, resuming: Bool = false, from: String = "first"
  ) throws -> TrainingSession {
    try TrainingSession(
      small.configuration, run: small.run(name), cache: small.cache, resuming: resuming,
      from: try RunFolder.checkpoint(for: small.run(from).path), engine: Engine(threads: 2))
  }

  private func train(_ session: TrainingSession, to steps: Int) throws {
    #expect(try session.train(until: .steps(steps)) == .reachedSteps)
  }

  @Test(arguments: ModelKind.allCases) func theWeightsAreThoseOfTheOther(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try first(kind, in: folder)
      try train(begin(small, "next"), to: 0)
      let parts = try CheckpointParts(small.run("next").checkpointPath(step: 0))
      let before = try CheckpointParts(small.run("first").checkpointPath(step: 3))
      let old = Dictionary(uniqueKeysWithValues: before.tensors.map { ($0.name, $0.values) })
      for (name, _, values) in parts.tensors {
        let isSlot = name.contains("/Adam")
        #expect(isSlot ? values.allSatisfy { $0 == 0 } : values == old[name], "\(name)")
      }
      #expect(parts.tensors.contains { $0.name.hasSuffix("/ExponentialMovingAverage") })
      #expect(parts.metadata["step"] == "0")
      let origin = try #require(parts.metadata["from"])
      #expect(origin.hasPrefix(small.run("first").checkpointPath(step: 3) + ", step 3"))
      #expect(origin.contains(small.cache.fingerprint))
      #expect(before.metadata["from"] == nil)
    }
  }

  /// Law 2, also for a kill before the first checkpoint on schedule; the origin stays known.
  @Test(arguments: ModelKind.allCases) func stoppingChangesNoBit(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try first(kind, in: folder)
      try train(begin(small, "once"), to: 5)
      for stop in [0, 1, 3] {
        let name = "at \(stop)"
        try train(begin(small, name), to: stop)
        try small.train(name, to: 5, resuming: true)
        #expect(try small.bytes(name, step: 5) == small.bytes("once", step: 5), "\(name)")
        #expect(try small.losses(name) == small.losses("once"), "\(name)")
      }
      // Killed at step 1: only the checkpoint of step 0 is there.
      try train(begin(small, "killed"), to: 1)
      try FileManager.default.removeItem(atPath: small.run("killed").checkpointPath(step: 1))
      let session = try small.session("killed", resuming: true)
      #expect(session.trainer.step == 0)
      try train(session, to: 5)
      #expect(try small.bytes("killed", step: 5) == small.bytes("once", step: 5))
      let last = try CheckpointParts(small.run("killed").checkpointPath(step: 5))
      #expect(last.metadata["from"] != nil)
      // And it is another training than one with drawn weights.
      try small.train("drawn", to: 5)
      #expect(try small.losses("drawn") != small.losses("once"))
    }
  }

  /// A roll-back before the first checkpoint on schedule returns to these weights, whatever the
  /// number of kept checkpoints.
  @Test func aRollBackReturnsToTheWeights() throws {
    try withTemporaryFolder { folder in
      var small = try first(.wavegan, in: folder)
      try Poison.put(.nan, in: &small, target: 0)
      small.configuration.training.checkpointSteps = 100
      small.configuration.training.checkpointsKept = 1
      try train(begin(small, "once"), to: Poison.steps)
      #expect(try small.run("once").checkpointSteps() == [0, Poison.steps])
      for stop in 1..<Poison.step {
        try train(begin(small, "at \(stop)"), to: stop)
        try small.train("at \(stop)", to: Poison.steps, resuming: true)
        #expect(
          try small.bytes("at \(stop)", step: Poison.steps)
            == small.bytes("once", step: Poison.steps))
      }
    }
  }

  /// Also if checkpoints were on schedule once and are not after a change of the schedule.
  @Test func aChangedScheduleKeepsTheWeights() throws {
    try withTemporaryFolder { folder in
      var small = try first(.wavegan, in: folder)
      try Poison.put(.nan, in: &small, target: 0)
      small.configuration.training.checkpointSteps = 1
      small.configuration.training.checkpointsKept = 1
      let stop = Poison.step - 1
      try train(begin(small, "next"), to: stop)
      #expect(try small.run("next").checkpointSteps() == [0, stop])
      small.configuration.training.checkpointSteps = 100
      let session = try small.session("next", resuming: true)
      try train(session, to: Poison.steps)
      #expect(session.trainer.rollBacks == 1)
      let first = try Checkpoint(path: small.run("next").checkpointPath(step: 0))
      #expect(first.origin != nil && first.step == 0)
      // Without it there is nothing to return to.
      try FileManager.default.removeItem(atPath: small.run("next").path)
      small.configuration.training.checkpointSteps = 1
      try train(begin(small, "next"), to: stop)
      try FileManager.default.removeItem(atPath: small.run("next").checkpointPath(step: 0))
      small.configuration.training.checkpointSteps = 100
      let other = try small.session("next", resuming: true)
      #expect(throws: SpecGANError.self) { try other.train(until: .steps(Poison.steps)) }
      #expect(try small.run("next").checkpointSteps() == [stop])
    }
  }

  @Test func otherNetworksAreNamedBySetting() throws {
    try withTemporaryFolder { folder in
      var small = try first(.specgan, in: folder)
      small.configuration.network.dimension = 3
      small.configuration.specgan.kernel = 3
      small.configuration.specgan.phaseShuffle = 1
      let error = try #require(throws: SpecGANError.self) { try begin(small, "next") }
      #expect(error.code == "runs.otherNetworks")
      #expect(error.sentence.contains("network.dimension was 2 and is now 3"))
      #expect(error.sentence.contains("specgan.kernel was 5 and is now 3"))
      #expect(!error.sentence.contains("phase_shuffle"))
      #expect(!FileManager.default.fileExists(atPath: small.run("next").path))
    }
  }

  @Test(arguments: [false, true]) func aRunThatHasBegunIsRefused(_ isResuming: Bool) throws {
    try withTemporaryFolder { folder in
      let small = try first(.specgan, in: folder)
      let run = small.run("first").path
      #expect(throws: isResuming ? SpecGANError.hasBegun(run: run) : .runExists(path: run)) {
        try begin(small, "first", resuming: isResuming)
      }
    }
  }

  @Test func otherExamplesAreSaid() throws {
    try withTemporaryFolder { folder in
      var small = try first(.specgan, in: folder)
      #expect(try begin(small, "same").warnings == [])
      small.configuration.spectrogram.clipDeviations = 2
      small.configuration.paths.cache = folder.path("other")
      // Through the program's road: preprocess with these settings.
      let other = try SmallRun(
        small.configuration, inputs: [Fixtures.path("audio/digits/four")], in: folder)
      let warnings = try begin(other, "next").warnings
      #expect(warnings.contains { $0.contains("spectrogram.clip_deviations was 3 and is now 2") })
    }
  }
}
