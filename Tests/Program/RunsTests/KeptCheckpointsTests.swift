import Foundation
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// The checkpoints that a run keeps: the last ones, the best one, and the target of a roll-back.
@Suite struct KeptCheckpointsTests {
  @Test(arguments: [1, 2, 7]) func asManyAsAskedForAreKept(_ count: Int) throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.specgan, dimension: 1, in: folder)
      small.configuration.training.checkpointSteps = 1
      small.configuration.training.checkpointsKept = count
      try small.train(to: 5)
      #expect(try small.run().checkpointSteps() == Array((1...5).suffix(count)))
      small.configuration.training.checkpointsKept = 1
      try small.train(to: 6, resuming: true)
      #expect(try small.run().checkpointSteps() == [6], "it may change when a run goes on")
    }
  }

  /// Previews give the scores; with such a high learning rate they soon get worse.
  @Test func theBestPreviewKeepsItsCheckpoint() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.wavegan, dimension: 1, in: folder)
      small.configuration.monitoring.previewCount = 1
      small.configuration.training.learningRate = 0.01
      small.configuration.training.checkpointSteps = 1
      small.configuration.training.checkpointsKept = 1
      try small.train(to: 6)
      let scores = try RunLog.entries(path: small.run().logPath).compactMap(\.spectralDistance)
      #expect(scores.count == 6)
      let best = try #require(scores.indices.min { scores[$0] < scores[$1] }) + 1
      #expect(best < 6, "\(scores)")
      #expect(try small.run().checkpointSteps() == [best, 6])
      #expect(
        try Checkpoint(path: small.run().checkpointPath(step: best)).score == scores[best - 1])
    }
  }

  @Test func aScoreIsWrittenAndRead() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, dimension: 1, in: folder)
      let session = try small.train(to: 1)
      let plain = try Checkpoint(path: small.run().checkpointPath(step: 1))
      #expect(plain.score == nil && plain.rollBacks == 0)
      session.trainer.rollBacks = 3
      try Checkpoint(
        session.trainer, configuration: session.configuration,
        fingerprint: small.cache.fingerprint, moments: small.cache.moments, labels: [], score: 0.1
      ).write(to: folder.path("scored"))
      let read = try Checkpoint(path: folder.path("scored"))
      #expect(read.score == 0.1 && read.rollBacks == 3 && read.isResumable)
      var parts = try CheckpointParts(folder.path("scored")).withoutChecksums()
      for wrong in ["-1", "many", "\(1 << 40)"] {
        parts.metadata["roll_backs"] = wrong
        let path = try parts.write(to: folder)
        #expect(throws: SpecGANError.notACheckpoint(path: path)) { try Checkpoint(path: path) }
      }
    }
  }
}
