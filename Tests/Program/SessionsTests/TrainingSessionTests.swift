import Foundation
import Networks
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import SpecGANWorkers
import Spectra
import Testing
import Waveforms

@Suite struct TrainingSessionTests {
  @Test func anExistingRunIsRefused() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.specgan, in: folder)
      try small.train(to: 1)
      let before = try small.bytes(step: 1)
      #expect(throws: SpecGANError.runExists(path: small.run().path)) { try small.session() }
      #expect(try small.bytes(step: 1) == before)
    }
  }

  /// Two sessions that were opened at the same time: the second one finds the run of the first one
  /// after it takes the lock.
  @Test(arguments: [false, true]) func aRunThatBeganMeanwhileIsRefused(resuming: Bool) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      let second = try small.session(resuming: resuming)
      try small.train(to: 2)
      let before = try (small.bytes(step: 2), folder.bytes(of: "run/log.jsonl"))
      #expect(throws: SpecGANError.runExists(path: small.run().path)) {
        _ = try second.train(until: .steps(3))
      }
      #expect(try small.bytes(step: 2) == before.0)
      #expect(try folder.bytes(of: "run/log.jsonl") == before.1)
    }
  }

  /// One session can train several times.
  @Test func aSessionGoesOn() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      let session = try small.session()
      for steps in [1, 2] { #expect(try session.train(until: .steps(steps)) == .reachedSteps) }
      #expect(try small.losses().map { $0[0] } == [1, 2])
    }
  }

  /// If the ranks of a run have different states, none of them is written.
  @Test(arguments: [false, true]) func statesOfUnequalRanksAreNotWritten(areEqual: Bool) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, in: folder)
      (small.configuration.training.batchSize, small.configuration.training.shards) = (4, 2)
      let session = try TrainingSession(
        small.configuration, run: small.run(), cache: small.cache, resuming: false,
        members: Twins(areEqual: areEqual), engine: Engine(threads: 1))
      var code: String?
      do {
        _ = try session.train(until: .steps(1))
      } catch {
        code = (error as? SpecGANError)?.code.rawValue ?? "\(error)"
      }
      #expect(code == (areEqual ? nil : "training.unequalRanks"))
      let path = small.run().checkpointPath(step: 1)
      #expect(FileManager.default.fileExists(atPath: path) == areEqual)
    }
  }

  @Test func aFinishedRunIsLeftAsItIs() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.specgan, in: folder)
      try small.train(to: 2)
      let log = try folder.bytes(of: "run/log.jsonl")
      let checkpoint = try small.bytes(step: 2)
      for steps in [2, 1, 0] { try small.train(to: steps, resuming: true) }
      #expect(try folder.bytes(of: "run/log.jsonl") == log)
      #expect(try small.bytes(step: 2) == checkpoint)
      #expect(try small.run().checkpointSteps() == [2])
    }
  }

  @Test func aRunIsAConfigurationALogAndCheckpoints() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      try small.train(to: 2)
      let names = try FileManager.default.contentsOfDirectory(atPath: small.run().path)
      #expect(names.sorted() == ["checkpoints", "configuration.yaml", "log.jsonl"])
      #expect(try Configuration(path: small.run().configurationPath) == small.resolved)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: small.run().checkpointFolder)
          == ["step-00000002.safetensors"])
    }
  }

  @Test func theLastFiveCheckpointsAreKept() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.specgan, dimension: 1, in: folder)
      small.configuration.training.checkpointSteps = 1
      try small.train(to: 7)
      #expect(try small.run().checkpointSteps() == [3, 4, 5, 6, 7])
      for step in 3...7 {
        #expect(try Checkpoint(path: small.run().checkpointPath(step: step)).step == step)
      }
    }
  }

  @Test func timeStopsARun() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.specgan, in: folder)
      var limits = TrainingSession.Limits()
      limits.minutes = 0
      #expect(try small.session().train(until: limits) == .reachedTime)
      #expect(try small.run().checkpointSteps() == [0])
      limits.minutes = 0.2 / 60
      let start = ContinuousClock.now
      #expect(try small.session(resuming: true).train(until: limits) == .reachedTime)
      #expect(ContinuousClock.now - start >= .milliseconds(200))
      #expect(try small.losses().count >= 1)
    }
  }

  @Test func everyStepIsReported() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.specgan, in: folder)
      try small.train(to: 2)
      var steps: [[Int]] = []
      let session = try small.session(resuming: true)
      _ = try session.train(
        until: .steps(5),
        report: { event in
          guard case .step(let progress) = event else { return }
          steps.append([progress.entry.step, progress.sessionSteps])
          #expect(progress.entry.secondsPerStep > 0 && progress.sessionSeconds > 0)
        })
      #expect(steps == [[3, 1], [4, 2], [5, 3]])
    }
  }

  @Test func aSetBelowABatchIsTrainedFromWithAWarning() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, dimension: 1, in: folder)
      #expect(small.cache.count == 8)
      small.configuration.training.batchSize = 8
      #expect(try small.session("just enough").warnings == [])
      small.configuration.training.batchSize = 9
      let session = try small.train(to: 1)
      let warning = try #require(session.warnings.first)
      #expect(warning.contains("has 8 examples, fewer than a batch of 9"))
      #expect(session.warnings.count == 1)
    }
  }

  @Test func otherSettingsAreRefusedByName() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.specgan, in: folder)
      try small.train(to: 1)
      small.configuration.network.dimension = 4
      small.configuration.training.learningRate = 1
      #expect(
        throws: SpecGANError.otherConfiguration(
          run: small.run().path,
          differences: [
            "network.dimension was 2 and is now 4",
            "training.learning_rate was 0.0001 and is now 1",
          ])
      ) { try small.session(resuming: true) }
      small = try SmallRun(.wavegan, in: folder)
      let error = try #require(throws: SpecGANError.self) { try small.session(resuming: true) }
      #expect(error.description.contains("model was specgan and is now wavegan"))
    }
  }

  @Test func settingsThatDoNotEnterWhatIsLearntMayChange() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.specgan, in: folder)
      try small.train("once", to: 2)
      try small.train(to: 1)
      small.configuration.training.checkpointSteps = 7
      small.configuration.inversion.iterations = 3
      small.configuration.inversion.method = .reference
      try small.train(to: 2, resuming: true)
      #expect(try Configuration(path: small.run().configurationPath) == small.resolved)
      let (now, once) = (try checkpoint(small, "run"), try checkpoint(small, "once"))
      #expect(now.generator.parameters.block.values == once.generator.parameters.block.values)
    }
  }

  private func checkpoint(_ small: SmallRun, _ name: String) throws -> Checkpoint {
    try Checkpoint(path: small.run(name).checkpointPath(step: 2))
  }

  @Test func anotherCacheIsRefused() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.specgan, in: folder)
      try small.train(to: 1)
      let other = try cache(folder, small.configuration)
      let error = SpecGANError.otherCache(
        run: small.run().path, fingerprint: small.cache.fingerprint, cache: other.path,
        found: other.fingerprint)
      #expect(error.sentence.contains(small.cache.fingerprint))
      #expect(error.sentence.contains(other.fingerprint))
      #expect(throws: error) {
        try TrainingSession(
          small.configuration, run: small.run(), cache: other, resuming: true,
          engine: Engine(threads: 1))
      }
    }
  }

  @Test func aCacheOfOtherSettingsIsRefusedByName() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      var configuration = small.configuration
      configuration.audio.overlap = 0.5
      let other = try cache(folder, configuration)
      #expect(
        throws: SpecGANError.cacheSettings(
          cache: other.path, differences: ["audio.overlap was 0.5 and is now 0"])
      ) {
        try TrainingSession(
          small.configuration, run: small.run(), cache: other, resuming: false,
          engine: Engine(threads: 1))
      }
      #expect(try !small.run().isStarted)
    }
  }

  private func cache(_ folder: TemporaryFolder, _ configuration: Configuration) throws -> Cache {
    _ = try Preprocessor(
      inputs: [Fixtures.path("audio/digits/four")], output: folder.path("other"),
      audio: configuration.audio, spectrogram: configuration.spectrogram,
      workers: Workers(count: 1)
    ).run()
    return try Cache(path: folder.path("other"))
  }
}

/// The first of two members, whose sums and values are those of the second one, too.
private struct Twins: Members {
  /// Whether the states have equal checksums.
  let areEqual: Bool

  var count: Int { 2 }
  var index: Int { 0 }
  var availableMemory: Int? { nil }

  func addUp(_ sums: inout [Double]) { sums = sums.map { 2 * $0 } }
  func addUp(_ values: TensorView, meanwhile body: () -> Void) {
    body()
    addUp(values)
  }
  func addUp(_ values: TensorView) {
    values.withMutableSpan { span in for index in span.indices { span[index] *= 2 } }
  }
  func gather<Value: BitwiseCopyable & Sendable>(_ values: [Value]) -> [Value] {
    guard !areEqual, let checksums = values as? [UInt32] else { return values + values }
    return values + (checksums.map { ~$0 } as? [Value] ?? [])
  }
  func share(_ bytes: [UInt8]) -> [UInt8] { bytes }
  func share(_ values: TensorView) {}
}
