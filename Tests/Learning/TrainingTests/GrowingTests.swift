import Networks
import SpecGANDatasets
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Synchronization
import Testing

@Suite struct GrowingTests {
  private func configuration(steps: Int?, share: Float) -> TrainingConfiguration {
    var training = TrainingConfiguration()
    (training.plannedSteps, training.growingShare) = (steps, share)
    (training.batchSize, training.criticUpdates) = (4, 2)
    training.averageDecay = 0.5
    return training
  }

  @Test func theStageFollowsFromTheStepAndThePlan() {
    let stages = (0..<14).map {
      configuration(steps: 20, share: 0.5).growthStage(step: $0, levels: 3)
    }
    let third = Float(1.0 / 3.0)
    let expected: [GrowthStage] = [
      .init(level: 0), .init(level: 0), .init(level: 0),
      .init(level: 1, blend: third), .init(level: 1, blend: 2 * third),
      .init(level: 1), .init(level: 1), .init(level: 1),
      .init(level: 2, blend: third), .init(level: 2, blend: 2 * third),
      .init(level: 2), .init(level: 2), .init(level: 2), .init(level: 2),
    ]
    #expect(stages == expected)
  }

  @Test(arguments: [1, 2, 4, 5], [1, 7, 100, 3_001]) func levelsAndWeightsRise(
    _ levels: Int, _ steps: Int
  ) {
    for share in [0.3, 0.5, 1] as [Float] {
      let training = configuration(steps: steps, share: share)
      var before = (level: 0, weight: Float(0))
      for step in 0..<steps + 2 {
        let stage = training.growthStage(step: step, levels: levels)
        let now = (level: stage.level, weight: stage.blend ?? 1)
        #expect((0..<levels).contains(now.level) && now.weight > 0 && now.weight <= 1)
        #expect(
          now.level > before.level || (now.level == before.level && now.weight >= before.weight))
        before = now
      }
      #expect(before.level == levels - 1 && before.weight == 1)
    }
  }

  @Test func withoutAPlanOrAShareItIsTheLastLevel() {
    for (steps, share) in [(nil, 0.5), (100, 0), (5, 1)] as [(Int?, Float)] {
      let stage = configuration(steps: steps, share: share).growthStage(step: 0, levels: 4)
      #expect(stage == GrowthStage(level: 3))
    }
  }

  /// 0.24 · 25 = 6 steps are enough for four levels, although 0.24 in 32 bits is less than 0.24.
  @Test(arguments: [(25, 0.24), (6, 1), (20, 0.3), (12, 0.5)] as [(Int, Float)])
  func theLeastPlanIsTheLeast(_ steps: Int, _ share: Float) {
    let training = configuration(steps: steps, share: share)
    #expect(training.leastPlan(levels: 4) == steps)
    #expect(training.growthStage(step: 0, levels: 4) == GrowthStage(level: 0))
    let shorter = configuration(steps: steps - 1, share: share)
    #expect(shorter.growthStage(step: 0, levels: 4) == GrowthStage(level: 3))
  }

  /// A run that is restored in any step, also inside a blend, continues with the same bits.
  @Test(arguments: [1, 3]) func restoringContinuesExactly(_ threads: Int) throws {
    let whole = trainer(threads: 1)
    for _ in 0..<9 { _ = try whole.takeStep() }
    #expect(whole.levelStarts == [0, 2, 6])
    for step in 1..<9 {
      let first = trainer(threads: 2)
      for _ in 0..<step { _ = try first.takeStep() }
      let second = trainer(threads: threads)
      second.restore(
        generator: first.generatorState, critic: first.criticState, step: step, rollBacks: 0,
        levelStarts: first.levelStarts)
      #expect(second.gan.growth?.stage == first.gan.growth?.stage)
      for _ in step..<9 { _ = try second.takeStep() }
      #expect(second.levelStarts == whole.levelStarts)
      for (state, other) in [
        (second.generatorState, whole.generatorState), (second.criticState, whole.criticState),
      ] {
        for (part, others) in zip(state.parts, other.parts) {
          #expect(part.parameters.block.values == others.parameters.block.values)
        }
      }
    }
  }

  /// Weights of later levels and of samples that are no longer used keep their values.
  @Test func onlyUsedWeightsChange() throws {
    let trainer = trainer(threads: 1)
    let states = [trainer.generatorState, trainer.criticState]
    func values() -> [String: [Float]] {
      let slices = states.flatMap(\.weights.slices)
      return Dictionary(uniqueKeysWithValues: slices.map { ($0.name, $0.slice.values) })
    }
    var before = values()
    for step in 0..<9 {
      _ = try trainer.takeStep()
      let after = values()
      let stage = try #require(trainer.gan.growth?.stage)
      for state in states {
        // The gradient of the critic's last bias is zero with wgan-gp.
        for entry in state.weights.layout.entries where entry.name != "D/output/dense/bias" {
          let isUsed =
            entry.role == .samples
            ? entry.level == stage.level || (stage.blend != nil && entry.level == stage.level - 1)
            : entry.level <= stage.level
          #expect(
            (after[entry.name] != before[entry.name]) == isUsed, "\(entry.name) in step \(step)")
        }
      }
      before = after
    }
  }

  /// The memory that is checked before training does not depend on the current stage, and is more
  /// than without growing or without a blend.
  @Test func memoryIsThatOfTheLargestStage() {
    let training = configuration(steps: 8, share: 1)
    let gan = trainer(threads: 1).gan
    let all = TrainingMemory.needed(gan, training)
    var plain = NetworkConfiguration()
    (plain.latent, plain.dimension) = (7, 2)
    #expect(all > TrainingMemory.needed(.specGAN(plain, small), training))
    // Without a blend it is less.
    #expect(all > TrainingMemory.needed(gan, configuration(steps: 8, share: 0)))
    for level in 0..<3 {
      #expect(TrainingMemory.needed(gan.at(GrowthStage(level: level)), training) == all)
    }
  }

  /// Real and generated examples are equally coarse when they are augmented.
  @Test func whatIsAugmentedHasTheLevel() throws {
    let counter = BlockCounter()
    var training = configuration(steps: 8, share: 1)
    training.augmentation = .fixed
    let gan = trainer(threads: 1).gan
    let trainer = Trainer(
      gan, training, examples: StoredExamples(.random([6] + gan.sampleShape, seed: 1)),
      augmenter: counter, engine: Engine(threads: 1))
    _ = try trainer.takeStep()
    // Four real and four generated ones in each of two critic updates, four in the generator's.
    #expect(counter.counts.withLock { $0 } == [20, 20])
  }

  private var small: SpecGANConfiguration {
    var specgan = SpecGANConfiguration()
    (specgan.frames, specgan.bins) = (64, 64)
    return specgan
  }

  private func trainer(threads: Int) -> Trainer {
    var network = NetworkConfiguration()
    (network.latent, network.dimension, network.isGrowing) = (7, 2, true)
    let gan = GAN.specGAN(network, small)
    return Trainer(
      gan, configuration(steps: 8, share: 1),
      examples: StoredExamples(.random([6] + gan.sampleShape, seed: 1)),
      engine: Engine(threads: threads))
  }
}

/// An augmenter that changes nothing, and counts the examples with equal values in each block of 4
/// by 4 positions, those of level 0 in samples of 64 by 64, and all examples.
private final class BlockCounter: Augmenter {
  let counts = Mutex([0, 0])

  func apply(_ draw: AugmentationDraw, to example: TensorView, into result: TensorView) {
    let values = example.values
    let isCoarse = values.indices.allSatisfy { index in
      let (line, column) = index.quotientAndRemainder(dividingBy: 64)
      return values[index] == values[line / 4 * 4 * 64 + column / 4 * 4]
    }
    counts.withLock { $0 = [$0[0] + (isCoarse ? 1 : 0), $0[1] + 1] }
    result.copy(0..<1, of: example, to: 0)
  }

  func pullBack(
    _ draw: AugmentationDraw, of example: TensorView, cotangent: TensorView,
    into result: TensorView
  ) {
    result.copy(0..<1, of: cotangent, to: 0)
  }
}
