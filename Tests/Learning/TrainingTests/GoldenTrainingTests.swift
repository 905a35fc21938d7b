import Foundation
import Networks
import SpecGANDatasets
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// Second half of law 3: ten steps of `tools/reference/training.py` with random numbers by the same
/// rule; at the end all weights of both networks are compared.
@Suite struct GoldenTrainingTests {
  @Test(arguments: ModelKind.allCases)
  func tenStepsEqualPyTorchs(_ kind: ModelKind) throws {
    let golden = try Golden(kind.rawValue + "_training")
    let trainer = try trainer(kind, golden, threads: 2)
    for (name, slice) in trainer.generator.slices + trainer.critic.slices
    where name.hasSuffix("kernel") {
      // The same random numbers, scaled by a limit that may differ in its last bit.
      expectClose(slice.values, try golden.floats("initial/" + name), terms: 1, name)
    }
    let losses = try (0..<10).map { _ in try trainer.takeStep() }
    try expectTrained(losses.map(\.criticLoss), golden, "critic_loss")
    try expectTrained(losses.map(\.wasserstein), golden, "wasserstein")
    try expectTrained(losses.compactMap(\.gradientPenalty), golden, "gradient_penalty")
    try expectTrained(losses.map(\.generatorLoss), golden, "generator_loss")
    for (name, slice) in trainer.generator.slices + trainer.critic.slices {
      try expectTrained(slice.values, golden, name)
    }
  }

  /// Law 1.
  @Test(arguments: ModelKind.allCases)
  func bitsDoNotDependOnThreads(_ kind: ModelKind) throws {
    let golden = try Golden(kind.rawValue + "_training")
    let results = try [1, 2, 3].map { threads in
      let trainer = try trainer(kind, golden, threads: threads)
      let losses = try (0..<2).map { _ in try trainer.takeStep() }
      return (losses, trainer.generator.block.values, trainer.critic.block.values)
    }
    for result in results.dropFirst() {
      #expect(result.0 == results[0].0)
      #expect(result.1 == results[0].1)
      #expect(result.2 == results[0].2)
    }
  }

  @Test func anotherSeedTrainsOtherNetworks() throws {
    let golden = try Golden("specgan_training")
    let first = try trainer(.specgan, golden, threads: 2, seed: 7)
    let second = try trainer(.specgan, golden, threads: 2, seed: 8)
    #expect(try first.takeStep() != second.takeStep())
    #expect(first.generator.block.values != second.generator.block.values)
  }

  private func trainer(
    _ kind: ModelKind, _ golden: Golden, threads: Int, seed: UInt64 = 7
  ) throws -> Trainer {
    var network = NetworkConfiguration()
    network.latent = 7
    network.dimension = 2
    var training = TrainingConfiguration()
    training.batchSize = 3
    training.seed = seed
    return Trainer(
      kind == .specgan ? .specGAN(network) : .waveGAN(network), training,
      examples: StoredExamples(try golden.tensor("examples")), engine: Engine(threads: threads))
  }

  /// The tolerance is four times the difference between PyTorch's float32 and float64 runs, which
  /// the fixture contains, or one rounding of a value of size 1 if that difference is zero.
  private func expectTrained(_ actual: [Float], _ golden: Golden, _ name: String) throws {
    let text = Data((golden.metadata["float32_difference"] ?? "").utf8)
    let differences = try JSONDecoder().decode([String: Float].self, from: text)
    let difference = try #require(differences[name])
    expectWithin(max(4 * difference, 0x1p-24), actual, try golden.floats(name), name)
  }
}
