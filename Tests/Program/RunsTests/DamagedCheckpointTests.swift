import Foundation
import Safetensors
import SpecGANDatasets
import SpecGANErrors
import SpecGANModels
import SpecGANRandomness
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANTestSupport
import Testing

/// Law 6 for checkpoints: a damaged one is refused with a reason, or its contents are unchanged.
@Suite struct DamagedCheckpointTests {
  @Test(.slow, arguments: ModelKind.allCases)
  func everyFlippedBitIsFound(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let whole = try small(kind, folder)
      for bit in whole.bitsToFlip(100, seed: 11) {
        let what = "bit \(bit % 8) of byte \(bit / 8)"
        try expectFound(whole.flipping(bit), whole, folder, what)
      }
    }
  }

  @Test func everyTruncationIsFound() throws {
    try withTemporaryFolder { folder in
      let whole = try small(.specgan, folder)
      let stream = RandomStream(seed: 12, purpose: .order)
      let random = (0..<UInt64(60)).map { stream.integer(below: whole.count, at: $0) }
      for count in [0, 1, 7, 8, 9, whole.count - 4, whole.count - 1] + random {
        try expectFound(Array(whole.prefix(count)), whole, folder, "the first \(count) bytes")
      }
      try expectFound(whole + [0], whole, folder, "a byte more")
    }
  }

  /// Expects that `bytes` are refused, or read as exactly the checkpoint in `whole`.
  private func expectFound(
    _ bytes: [UInt8], _ whole: [UInt8], _ folder: TemporaryFolder, _ what: String
  ) throws {
    let path = try folder.write(bytes, as: "damaged")
    let checkpoint: Checkpoint
    do { checkpoint = try Checkpoint(path: path) } catch {
      #expect(error.description.hasPrefix(path), "\(what): \(error)")
      return
    }
    try checkpoint.write(to: folder.path("taken"))
    #expect(try folder.bytes(of: "taken") == whole, "\(what) went unnoticed")
  }

  @Test func aPartOfTheChecksumsIsDamageAndNoneIsNot() throws {
    try withTemporaryFolder { folder in
      _ = try small(.wavegan, folder)
      let parts = try CheckpointParts(folder.path("whole"))
      for key in ["checksum/metadata", "checksum/D/output/dense/bias", "checksum/moments/mean"] {
        var partial = parts
        partial.metadata[key] = nil
        try expectDamaged(try partial.write(to: folder))
        partial.metadata[key] = "00000000"
        try expectDamaged(try partial.write(to: folder))
      }
      var odd = parts
      odd.metadata["checksum/D/downconv_9/conv1d/bias"] = "00000000"
      try expectDamaged(try odd.write(to: folder))
      var fewer = parts
      fewer.tensors.removeAll { $0.name == "moments/mean" }
      try expectDamaged(try fewer.write(to: folder))

      let none = try parts.withoutChecksums().write(to: folder)
      try Checkpoint(path: none).write(to: folder.path("taken"))
      #expect(try folder.bytes(of: "taken") == folder.bytes(of: "whole"))
    }
  }

  private func expectDamaged(_ path: String) throws {
    #expect {
      try Checkpoint(path: path)
    } throws: { error in
      let error = error as? SpecGANError
      return error?.code == "safetensors.damaged" && error?.path == path
    }
  }

  /// The bytes of a small checkpoint, which is also left as the file `whole`.
  private func small(_ kind: ModelKind, _ folder: TemporaryFolder) throws -> [UInt8] {
    let small = try SmallRun(kind, dimension: 1, in: folder)
    try small.train(to: 1)
    return Array(try folder.bytes(of: "run/checkpoints/step-00000001.safetensors", as: "whole"))
  }
}

extension TemporaryFolder {
  /// The bytes of the file `name`, copied to `copy`.
  fileprivate func bytes(of name: String, as copy: String) throws -> [UInt8] {
    let bytes = try bytes(of: name)
    try write(bytes, as: copy)
    return bytes
  }
}
