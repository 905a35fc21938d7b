import Foundation
import Networks
import Safetensors
import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSettings
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Checkpoints that another program wrote: without checksums, perhaps without everything, perhaps
/// hostile.
@Suite struct ForeignCheckpointTests {
  @Test(arguments: ModelKind.allCases)
  func withoutOptimisersItGeneratesAndDoesNotResume(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, in: folder)
      try small.train(to: 1)
      let path = small.run().checkpointPath(step: 1)
      var parts = try CheckpointParts(path).withoutChecksums()
      parts.tensors.removeAll { $0.name.contains("/Adam") }
      parts.metadata["random_state"] = nil
      _ = try parts.write(to: folder, as: "run/checkpoints/step-00000001.safetensors")

      #expect(try !Checkpoint(path: path).isResumable)
      let generator = SampleGenerator(try Checkpoint(path: path), engine: Engine(threads: 2))
      #expect(generator.samples(generator.latents(0..<2, seed: 1)).shape[0] == 2)
      #expect(throws: SpecGANError.notResumable(path: path)) {
        try small.session(resuming: true)
      }
      #expect(try small.losses().count == 1, "the log of a run that was refused is as it was")
    }
  }

  /// Runs from before there were other losses: settings that now follow from the loss were
  /// explicit.
  @Test func settingsThatFollowFromTheLossMayBeThereOrNot() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.wavegan, in: folder)
      try small.train("once", to: 2)
      try small.train(to: 1)
      var parts = try CheckpointParts(small.run().checkpointPath(step: 1)).withoutChecksums()
      let known = [
        "loss", "learning_rate", "beta1", "beta2", "batch_size", "critic_updates", "seed",
      ]
      var section = ""
      parts.metadata["configuration"] = (parts.metadata["configuration"] ?? "")
        .split(separator: "\n").filter { line in
          if !line.hasPrefix(" ") { section = String(line) }
          let key = String(line.prefix { $0 != ":" }).trimmingCharacters(in: .whitespaces)
          return section != "training:" || !line.hasPrefix(" ") || known.contains(key)
        }.joined(separator: "\n")
      let text = try #require(parts.metadata["configuration"])
      #expect(text.contains("learning_rate: 0.0001") && !text.contains("optimizer"))
      _ = try parts.write(to: folder, as: "run/checkpoints/step-00000001.safetensors")
      try small.train(to: 2, resuming: true)
      #expect(try small.bytes(step: 2) == small.bytes("once", step: 2))
    }
  }

  @Test func momentsMayBeMissingForWaveGANAlone() throws {
    try withTemporaryFolder { folder in
      for kind in ModelKind.allCases {
        var parts = try parts(kind, folder)
        parts.tensors.removeAll { $0.name.hasPrefix("moments/") }
        let path = try parts.write(to: folder)
        if kind == .wavegan {
          #expect(try Checkpoint(path: path).moments == nil)
        } else {
          #expect(throws: SpecGANError.missing(path: path, name: "moments/mean")) {
            try Checkpoint(path: path)
          }
        }
      }
    }
  }

  @Test(arguments: ["schema_version", "configuration", "step"])
  func withoutItsMetadataItIsNoCheckpoint(_ key: String) throws {
    try withTemporaryFolder { folder in
      var parts = try parts(.wavegan, folder)
      parts.metadata[key] = nil
      let path = try parts.write(to: folder)
      #expect(throws: SpecGANError.notACheckpoint(path: path)) { try Checkpoint(path: path) }
    }
  }

  @Test(arguments: ["-1", "", "1.5", "9223372036854775806", "9223372036854775808"])
  func aStepThatIsNoneIsRefused(_ step: String) throws {
    try withTemporaryFolder { folder in
      var parts = try parts(.wavegan, folder)
      parts.metadata["step"] = step
      let path = try parts.write(to: folder)
      #expect(throws: SpecGANError.notACheckpoint(path: path)) { try Checkpoint(path: path) }
    }
  }

  @Test func anotherVersionIsNamed() throws {
    try withTemporaryFolder { folder in
      var parts = try parts(.wavegan, folder)
      parts.metadata["schema_version"] = "2"
      let path = try parts.write(to: folder)
      #expect(throws: SpecGANError.schemaVersion(path: path, found: "2")) {
        try Checkpoint(path: path)
      }
    }
  }

  /// Valid settings that do not match the networks in the file: each is refused by name, and none
  /// allocates more memory than the file's size.
  @Test(arguments: [
    ("slice_length: 16384", "slice_length: 8192"),
    ("slice_length: 16384", "slice_length: 16777216"),
    ("channels: 1", "channels: 2"), ("frame_length: 256", "frame_length: 260"),
    ("frame_step: 128", "frame_step: 64"), ("dimension: 1", "dimension: 1024"),
    ("latent: 7", "latent: 16384"), ("kernel: 5", "kernel: 63"),
    ("model: specgan", "model: wavegan"),
    ("dimension: 1", "dimension: 0"), ("dimension: 1", "dimension: [1"),
  ])
  func aConfigurationThatFitsNoNetworkIsRefused(_ line: String, _ hostile: String) throws {
    try withTemporaryFolder { folder in
      var parts = try parts(.specgan, folder)
      let text = try #require(parts.metadata["configuration"])
      parts.metadata["configuration"] = text.replacing(line, with: hostile)
      let path = try parts.write(to: folder)
      let error = try #require(throws: SpecGANError.self) { try Checkpoint(path: path) }
      #expect(error.description.hasPrefix(path), "\(error)")
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func weightsThatAreNoFiniteNumbersAreNamed(_ number: Float) throws {
    try withTemporaryFolder { folder in
      let whole = try parts(.specgan, folder)
      for name in ["G/upconv_4/conv2d_transpose/bias", "D/output/dense/kernel"] {
        var parts = whole
        let index = try #require(parts.tensors.firstIndex { $0.name == name })
        parts.tensors[index].values[0] = number
        let path = try parts.write(to: folder)
        #expect(throws: SpecGANError.notFinite(path: path, name: name)) {
          try Checkpoint(path: path)
        }
      }
    }
  }

  private func parts(_ kind: ModelKind, _ folder: TemporaryFolder) throws -> CheckpointParts {
    let small = try SmallRun(kind, dimension: 1, in: folder)
    _ = try small.session("\(kind)").train(until: .init(), isInterrupted: { true })
    return try CheckpointParts(small.run("\(kind)").checkpointPath(step: 0)).withoutChecksums()
  }
}
