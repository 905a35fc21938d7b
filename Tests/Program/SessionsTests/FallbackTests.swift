import Foundation
import SpecGANErrors
import SpecGANModels
import SpecGANRandomness
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// A damaged checkpoint is detected, and the one before it is used, with the same bits.
@Suite struct FallbackTests {
  enum Damage: CaseIterable {
    case flipped, torn, empty
  }

  @Test(.training, arguments: ModelKind.allCases, Damage.allCases)
  func theOneBeforeIsUsed(_ kind: ModelKind, _ damage: Damage) throws {
    try withTemporaryFolder { folder in
      let small = try scheduled(kind, in: folder)
      try small.train("once", to: 6)
      for damaged in [[5], [4, 5], [2, 4, 5]] {
        let name = "\(damaged)"
        try small.train(name, to: 5)
        for step in damaged { try spoil(small, name, step, damage) }
        guard damaged != [2, 4, 5] else {
          try expectRefused(small, name)
          continue
        }
        let session = try small.session(name, resuming: true)
        #expect(session.trainer.step == (damaged == [5] ? 4 : 2))
        #expect(session.warnings.count == damaged.count)
        #expect(session.warnings.first?.contains("step-00000005.safetensors") == true)
        #expect(try session.train(until: .steps(6)) == .reachedSteps)
        #expect(try small.bytes(name, step: 6) == small.bytes("once", step: 6))
        #expect(try small.losses(name) == small.losses("once"))
        for step in try small.run(name).checkpointSteps() {
          _ = try Checkpoint(path: small.run(name).checkpointPath(step: step))
        }
      }
    }
  }

  /// If all checkpoints are damaged, the run does not start again over them.
  private func expectRefused(_ small: SmallRun, _ name: String) throws {
    let before = try [2, 4, 5].map { try small.bytes(name, step: $0) }
    let error = try #require(throws: SpecGANError.self) { try small.session(name, resuming: true) }
    #expect(error.code == "runs.noWholeCheckpoint" && error.path == small.run(name).path)
    #expect(error.cause?.isDamage == true)
    #expect(throws: SpecGANError.self) { try RunFolder.checkpoint(for: small.run(name).path) }
    #expect(try [2, 4, 5].map { try small.bytes(name, step: $0) } == before)
  }

  /// Damaged checkpoints stay until a new one is complete.
  @Test func nothingIsRemovedBeforeANewOneIsWhole() throws {
    try withTemporaryFolder { folder in
      let small = try scheduled(.wavegan, in: folder)
      try small.train(to: 5)
      try spoil(small, "run", 5, .flipped)
      do {
        let session = try small.session(resuming: true)
        #expect(try small.run().checkpointSteps() == [2, 4, 5])
        #expect(try session.train(until: .steps(4)) == .reachedSteps)
      }
      #expect(try small.run().checkpointSteps() == [2, 4, 5])
      try small.train(to: 6, resuming: true)
      #expect(try small.run().checkpointSteps() == [2, 4, 6])
    }
  }

  @Test func aWholeOneOfAnotherRunIsNotPassedOver() throws {
    try withTemporaryFolder { folder in
      var small = try scheduled(.specgan, in: folder)
      try small.train(to: 4)
      small.configuration.network.dimension = 3
      try small.train("other", to: 5)
      try FileManager.default.copyItem(
        atPath: small.run("other").checkpointPath(step: 5),
        toPath: small.run().checkpointPath(step: 5))
      small.configuration.network.dimension = 2
      #expect(
        throws: SpecGANError.otherConfiguration(
          run: small.run().path, differences: ["network.dimension was 3 and is now 2"])
      ) { try small.session(resuming: true) }
    }
  }

  @Test func whatMakesSoundsFallsBackToo() throws {
    try withTemporaryFolder { folder in
      let small = try scheduled(.specgan, in: folder)
      try small.train(to: 4)
      #expect(try RunFolder.checkpoint(for: small.run().path).warnings == [])
      try spoil(small, "run", 4, .torn)
      let found = try RunFolder.checkpoint(for: small.run().path)
      #expect(found.checkpoint.step == 2 && found.path == small.run().checkpointPath(step: 2))
      #expect(found.warnings.count == 1)
      // A named file is never replaced by another one.
      #expect(throws: SpecGANError.self) {
        try RunFolder.checkpoint(for: small.run().checkpointPath(step: 4))
      }
    }
  }

  private func scheduled(_ kind: ModelKind, in folder: TemporaryFolder) throws -> SmallRun {
    var small = try SmallRun(kind, dimension: 1, in: folder)
    small.configuration.training.checkpointSteps = 2
    return small
  }

  private func spoil(_ small: SmallRun, _ name: String, _ step: Int, _ damage: Damage) throws {
    var bytes = try small.bytes(name, step: step)
    let place = RandomStream(seed: 8, purpose: .order).integer(
      below: bytes.count, at: UInt64(step))
    switch damage {
    case .flipped: bytes[place] ^= 4
    case .torn: bytes = bytes.prefix(place)
    case .empty: bytes = Data()
    }
    try bytes.write(to: URL(filePath: small.run(name).checkpointPath(step: step)))
  }
}
