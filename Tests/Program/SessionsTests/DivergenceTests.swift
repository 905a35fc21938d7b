import Foundation
import Networks
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
import Testing

/// A run whose values become NaN or infinite stops, reports it, and keeps its valid checkpoints.
@Suite struct DivergenceTests {
  @Test(arguments: ModelKind.allCases)
  func dataThatAreNoNumbersStopARunAndItsCheckpointsStay(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, in: folder)
      try small.train(to: 2)
      let good = try small.bytes(step: 2)
      try poison(small.cache)
      let session = try small.session(resuming: true)
      #expect(
        throws: SpecGANError.diverged(
          run: small.run().path, step: 3, .notFinite("the critic's loss"))
      ) { try session.train(until: .steps(9)) }
      #expect(try small.run().checkpointSteps() == [2])
      #expect(try small.bytes(step: 2) == good)
      #expect(try small.losses().map { $0[0] } == [1, 2])
    }
  }

  /// Fills the first shard of both kinds with NaN, but not the headers.
  private func poison(_ cache: Cache) throws {
    for name in ["spectrograms", "slices"] {
      let url = URL(filePath: "\(cache.path)/\(name)-00000.safetensors")
      var bytes = try Data(contentsOf: url)
      let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
      for index in header..<bytes.count { bytes[index] = 0xFF }
      try bytes.write(to: url)
    }
  }

  /// Learning rates that make losses infinite at once, and others whose losses stay finite for a
  /// step: no checkpoint has weights that are not finite.
  @Test(arguments: ModelKind.allCases, [1e3, 1e5, 1e6, 1e7, 1e8, 1e12, 1e30] as [Float])
  func aWildLearningRateNeverSpoilsACheckpoint(_ kind: ModelKind, _ rate: Float) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, dimension: 1, in: folder)
      small.configuration.training.learningRate = rate
      small.configuration.training.criticUpdates = 1
      small.configuration.training.checkpointSteps = 1
      let session = try small.session()
      do {
        _ = try session.train(until: .steps(3))
      } catch let error as SpecGANError {
        #expect(error.kind == .diverged && error.path == small.run().path)
        // The step that was not taken, or the last one, whose weights are not finite.
        let step = session.trainer.step
        #expect([step, step + 1].contains { error.statement.hasSuffix("at step \($0)") })
      }
      #expect(rate < 1e30 || session.trainer.step < 3)
      for step in try small.run().checkpointSteps() {
        for (name, _, values) in try CheckpointParts(small.run().checkpointPath(step: step)).tensors
        where !name.contains("/Adam") { #expect(values.allSatisfy { $0.isFinite }, "\(name)") }
      }
    }
  }

  /// A finite value beyond the limit is found in its step and reported; the weights do not change.
  @Test(arguments: ModelKind.allCases)
  func anExplosionOfFiniteNumbersStopsARun(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(kind, in: folder)
      try small.train(to: 1)
      small.configuration.recovery.largestLoss = 1e-3
      let session = try small.session(resuming: true)
      let error = try #require(throws: SpecGANError.self) { try session.train(until: .steps(9)) }
      #expect(error.kind == .diverged && session.trainer.step == 1)
      #expect(error.key == "the critic's loss")
      let value = try #require(error.found.flatMap { Float($0) })
      #expect(value.isFinite && abs(value) > 1e-3)
      let checkpoint = try Checkpoint(path: small.run().checkpointPath(step: 1))
      #expect(
        session.trainer.critic.block.values
          == checkpoint.critic(on: Engine(threads: 1)).parameters.block.values)
      #expect(try small.losses().map { $0[0] } == [1])
    }
  }

  /// Both networks with extreme settings.
  @Test(
    .training,
    arguments: [
      "specgan.kernel=1", "specgan.kernel=63", "specgan.phase_shuffle=7", "wavegan.kernel=1",
      "wavegan.kernel=255", "wavegan.phase_shuffle=63", "wavegan.phase_shuffle=0",
      "network.latent=1", "training.batch_size=1", "training.critic_updates=1",
      "training.penalty_weight=0", "training.beta1=0", "training.seed=18446744073709551615",
    ])
  func theEndsOfTheSettingsTrain(_ setting: String) throws {
    try withTemporaryFolder { folder in
      for kind in ModelKind.allCases {
        var small = try SmallRun(kind, dimension: 1, in: folder)
        try small.configuration.set(setting)
        let losses = try small.train("\(kind)", to: 1).trainer.takeStep()
        #expect(losses.criticLoss.isFinite && losses.generatorLoss.isFinite)
      }
    }
  }
}
