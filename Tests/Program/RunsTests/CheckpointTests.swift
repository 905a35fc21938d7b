import Foundation
import Networks
import Safetensors
import SpecGANDatasets
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSettings
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite struct CheckpointTests {
  /// No count overflows an integer, whatever the file contains.
  @Test func stepsThatCannotBeCountedAreNone() {
    var training = TrainingConfiguration()
    #expect(training.canDraw(for: 200_000, latent: 100))
    #expect(training.canDraw(for: 0, latent: 100) && !training.canDraw(for: -1, latent: 100))
    #expect(!training.canDraw(for: .max, latent: 100))
    (training.criticUpdates, training.batchSize) = (1_000, 4_096)
    #expect(training.canDraw(for: 100_000_000, latent: 16_384))
    #expect(!training.canDraw(for: 200_000_000, latent: 16_384))
  }

  @Test(arguments: ModelKind.allCases)
  func aCheckpointThatIsReadAndWrittenIsTheSameBytes(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, in: folder)
      try small.train(to: 2)
      let checkpoint = try Checkpoint(path: small.run().checkpointPath(step: 2))
      #expect(checkpoint.step == 2)
      #expect(checkpoint.configuration == small.resolved)
      #expect(checkpoint.fingerprint == small.cache.fingerprint)
      #expect(checkpoint.moments == small.cache.moments)
      try checkpoint.write(to: folder.path("again"))
      #expect(try Data(folder.bytes(of: "again")) == small.bytes(step: 2))
    }
  }

  /// With averages, the statistics of batch normalization are written for them, too. A file of
  /// version 0.2 has none, and the averages use the moving statistics.
  @Test func averagesHaveStatisticsOfTheirOwn() throws {
    try withTemporaryFolder { folder in
      var small = try SmallRun(.specgan, dimension: 1, in: folder)
      small.configuration.network.generatorNormalization = .batch
      small.configuration.training.loss = .leastSquares
      small.configuration.training.averageDecay = 0.5
      try small.train(to: 2)
      let path = small.run().checkpointPath(step: 2)
      var parts = try CheckpointParts(path).withoutChecksums()
      let suffix = "/ExponentialMovingAverage"
      let standing = parts.tensors.filter { $0.name.contains("/moving_") }
      #expect(standing.count == 20 && standing.count { $0.name.hasSuffix(suffix) } == 10)
      let statistics = try #require(try Checkpoint(path: path).generator.statistics)
      for (name, slice) in statistics.slices {
        let found = standing.first { $0.name == name + suffix }
        #expect(slice.values == found?.values)
        #expect(slice.values != standing.first { $0.name == name }?.values)
      }
      parts.tensors.removeAll { $0.name.contains("/moving_") && $0.name.hasSuffix(suffix) }
      let older = try Checkpoint(path: parts.write(to: folder))
      for (name, slice) in try #require(older.generator.statistics).slices {
        #expect(slice.values == standing.first { $0.name == name }?.values)
      }
    }
  }

  /// The names and layouts of the reference's checkpoints.
  @Test(arguments: ModelKind.allCases)
  func tensorsCarryThePublishedNamesAndLayouts(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, dimension: 3, in: folder)
      try small.train(to: 1)
      let file = try SafetensorsFile(path: small.run().checkpointPath(step: 1))
      var expected = [
        "moments/mean": [129], "moments/deviation": [129], "moments/peak": [129],
        "moments/frame_peak": [1],
      ]
      for (name, shape) in Self.weights(kind, dimension: 3, latent: 7) {
        for suffix in ["", "/Adam", "/Adam_1"] { expected[name + suffix] = shape }
      }
      #expect(
        Dictionary(uniqueKeysWithValues: file.names.map { ($0, file.entry($0)?.shape) })
          == expected)
    }
  }

  private static func weights(
    _ kind: ModelKind, dimension d: Int, latent: Int
  ) -> [String: [Int]] {
    let (up, down, name) =
      kind == .specgan ? ([5, 5], [5, 5], "conv2d") : ([1, 25], [25], "conv1d")
    var shapes = [
      "G/z_project/dense/kernel": [latent, 256 * d], "G/z_project/dense/bias": [256 * d],
      "D/output/dense/kernel": [256 * d, 1], "D/output/dense/bias": [1],
    ]
    for (layer, (small, large)) in [(8, 16), (4, 8), (2, 4), (1, 2), (0, 1)].enumerated() {
      let (outer, inner) = (max(small * d, 1), large * d)
      shapes["G/upconv_\(layer)/conv2d_transpose/kernel"] = up + [outer, inner]
      shapes["G/upconv_\(layer)/conv2d_transpose/bias"] = [outer]
      shapes["D/downconv_\(4 - layer)/\(name)/kernel"] = down + [outer, inner]
      shapes["D/downconv_\(4 - layer)/\(name)/bias"] = [inner]
    }
    return shapes
  }

  @Test func metadataHoldWhatIsNeededToGoOnAndNothingOfTheClock() throws {
    try withTemporaryFolder { folder in
      let small = try SmallRun(.specgan, in: folder)
      try small.train(to: 1)
      let file = try SafetensorsFile(path: small.run().checkpointPath(step: 1))
      let metadata = file.metadata.filter { !$0.key.hasPrefix("checksum/") }
      #expect(
        Set(metadata.keys) == [
          "schema_version", "model", "configuration", "step", "random_state", "fingerprint",
        ])
      #expect(metadata["schema_version"] == "1")
      #expect(metadata["model"] == "specgan")
      #expect(metadata["step"] == "1")
      #expect(metadata["fingerprint"] == small.cache.fingerprint)
      #expect(
        try Configuration(yaml: metadata["configuration"] ?? "", path: "") == small.resolved)
      try small.train("later", to: 1)
      #expect(try small.bytes("later", step: 1) == small.bytes(step: 1))
    }
  }

  @Test(arguments: ModelKind.allCases)
  func checksumsAreThoseThatAnotherProgramComputes(_ kind: ModelKind) throws {
    #expect(bitwiseCRC32("123456789".utf8) == 0xCBF4_3926)
    try withTemporaryFolder { folder in
      let small = try SmallRun(kind, in: folder)
      try small.train(to: 1)
      let file = try SafetensorsFile(path: small.run().checkpointPath(step: 1))
      for name in file.names {
        let shape = (file.entry(name)?.shape ?? []).map(String.init).joined(separator: ",")
        let values = try file.floats(name).flatMap { value in
          (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
        }
        let checksum = hexadecimal(bitwiseCRC32(Array("\(name)\nF32\n\(shape)\n".utf8) + values))
        #expect(file.metadata["checksum/\(name)"] == checksum, "\(name)")
      }
      let others = file.metadata.filter { $0.key != "checksum/metadata" }
      // All keys are ASCII, whose order is that of their bytes.
      let text = others.sorted { $0.key < $1.key }.map { "\($0.key)\n\($0.value)\n" }.joined()
      #expect(file.metadata["checksum/metadata"] == hexadecimal(bitwiseCRC32(text.utf8)))
      #expect(others.count(where: { $0.key.hasPrefix("checksum/") }) == file.names.count)
    }
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
