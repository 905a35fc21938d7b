import Foundation
import Networks
import SpecGANClassification
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// The classifier's network against `tools/reference/classifier.py`, which is PyTorch.
@Suite struct GoldenClassifierTests {
  private let golden: Golden
  private let differences: [String: Float]
  private let trainer: ClassifierTrainer
  private let batch = 3

  init() throws {
    golden = try Golden("classifier")
    let text = Data((golden.metadata["float32_difference"] ?? "").utf8)
    differences = try JSONDecoder().decode([String: Float].self, from: text)
    trainer = Self.trainer(threads: 2)
    try start(trainer)
  }

  private static func trainer(threads: Int) -> ClassifierTrainer {
    let network = ClassifierNetwork(frames: 16, bands: 128, channels: 4, classes: 3)
    let engine = Engine(threads: threads)
    let trainer = ClassifierTrainer(
      network, batchSize: 3, learningRate: 1e-3, seed: 0, engine: engine)
    engine.fillScratch(.nan)
    return trainer
  }

  private func start(_ trainer: ClassifierTrainer) throws {
    for (name, slice) in trainer.parameters.slices {
      #expect(golden.shape(name) == slice.shape, "\(name)")
      slice.copy(
        0..<slice.length, of: Tensor(shape: slice.shape, try golden.floats(name)).view, to: 0)
    }
  }

  /// Copies one of the two batches to the input, and returns its labels.
  private func load(_ number: Int, _ trainer: ClassifierTrainer) throws -> [Int] {
    let x = Tensor(shape: golden.shape("x"), try golden.floats("x"))
    let rows = number * batch..<(number + 1) * batch
    trainer.workspace.input.copy(rows, of: x.view, to: 0)
    return try golden.integers("labels")[rows].map(Int.init)
  }

  /// The tolerance is four times the difference between PyTorch's float32 and float64, over all
  /// orders of a batch, and at least one rounding of the largest value.
  private func expectNear(_ actual: [Float], _ name: String) throws {
    let expected = try golden.floats(name)
    let largest = expected.reduce(0) { max($0, abs($1)) }
    let difference = try #require(differences[name])
    expectWithin(max(4 * difference, 0x1p-23 * largest), actual, expected, name)
  }

  @Test func logitsLossAndEveryGradientEqualPyTorchs() throws {
    let loss = trainer.differentiate(labels: try load(0, trainer))
    try expectNear(trainer.workspace.output.values, "logits")
    try expectNear([Float(loss)], "loss")
    for (name, slice) in trainer.gradient.slices {
      try expectNear(slice.values, "gradient/" + name)
    }
  }

  /// Means over both batches, and the network's output with them.
  @Test func statisticsAndUseEqualPyTorchs() throws {
    // The buffer may contain any values.
    trainer.statistics.block.fill(.nan)
    for number in 0..<2 {
      _ = try load(number, trainer)
      trainer.takeStatistics(batch: number)
    }
    for (name, slice) in trainer.statistics.slices {
      try expectNear(slice.values, "statistics/" + name)
    }
    let labels = try load(0, trainer)
    let score = trainer.score(labels: labels)
    try expectNear(trainer.workspace.output.values, "used/logits")
    let maps = trainer.workspace.values[trainer.network.featurePlace]
    #expect(maps.shape == [3, 1, 8, 4])
    try expectNear(maps.channelMeans(of: 3), "used/features")
    let logits = try golden.floats("used/logits")
    let right = (0..<3).count { row in
      let own = logits[3 * row..<3 * row + 3]
      return own.max() == own[3 * row + labels[row]]
    }
    #expect(score.correct == right)
  }

  /// A part of a batch is scored alone.
  @Test func anExampleIsScoredInAnyCompany() throws {
    let labels = try load(0, trainer)
    trainer.takeStatistics(batch: 0)
    let all = trainer.score(labels: labels)
    let logits = trainer.workspace.output.values
    var sum = 0.0
    for count in 1...2 {
      let part = trainer.score(labels: Array(labels.prefix(count)))
      #expect(trainer.workspace.output.values == logits)
      #expect(part.loss > sum && part.loss < all.loss)
      sum = part.loss
    }
  }

  @Test func threeUpdatesEqualPyTorchs() throws {
    let losses = try (0..<3).map { Float(trainer.update(labels: try load($0 % 2, trainer))) }
    try expectNear(losses, "trained/losses")
    for (name, slice) in trainer.parameters.slices {
      try expectNear(slice.values, "trained/" + name)
    }
  }

  /// Law 1.
  @Test func bitsDoNotDependOnThreads() throws {
    let results = try [1, 2, 3].map { threads in
      let trainer = Self.trainer(threads: threads)
      try start(trainer)
      let losses = try (0..<2).map { trainer.update(labels: try load($0, trainer)) }
      trainer.takeStatistics(batch: 0)
      return (losses, trainer.parameters.block.values, trainer.statistics.block.values)
    }
    for result in results.dropFirst() {
      #expect(result.0 == results[0].0)
      #expect(result.1 == results[0].1)
      #expect(result.2 == results[0].2)
    }
  }

  /// REFERENCE 1.8: "~1.33 M params".
  @Test func thePapersNetworkHasThePublishedNumberOfParameters() {
    let network = ClassifierNetwork(frames: 128, bands: 128, channels: 128, classes: 10).network
    let convolutions = 25 * 128 + 128 + 3 * (25 * 128 * 128 + 128)
    let normalizations = 2 * (128 + 3 * 128 + 8_192)
    #expect(network.layout.count == convolutions + normalizations + 8_192 * 10 + 10)
    #expect(network.layout.count == 1_331_850)
  }
}

/// The loss alone.
@Suite struct CrossEntropyTests {
  /// Differences of the loss, in double precision to about the cube root of its rounding.
  @Test func theGradientIsThatOfTheLoss() {
    let values = randomNumbers(12, seed: 1).map { 4 * $0 }
    let labels = [2, 0, 3]
    let cotangents = Tensor(shape: [3, 4])
    _ = CrossEntropy.loss(
      of: Tensor(shape: [3, 4], values).view, labels: labels, cotangents: cotangents.view)
    for index in values.indices {
      func loss(_ step: Float) -> Double {
        var moved = values
        moved[index] += step
        return CrossEntropy.loss(of: Tensor(shape: [3, 4], moved).view, labels: labels) / 3
      }
      // The logits are moved in float32: by 2⁻⁸ exactly, to within a rounding of 2⁻²².
      let slope = (loss(0x1p-8) - loss(-0x1p-8)) / 0x1p-7
      #expect(abs(slope - Double(cotangents.values[index])) < 2e-4)
    }
  }

  /// Beyond the range of `e^z`.
  @Test func largeLogitsAreNumbers() {
    let logits = Tensor(shape: [2, 2], [1_000, -1_000, -1e30, 1e30])
    #expect(CrossEntropy.loss(of: logits.view, labels: [0, 1]) == 0)
    #expect(CrossEntropy.loss(of: logits.view, labels: [1, 1]) == 2_000)
    #expect(CrossEntropy.probabilities(of: logits.values, classes: 2) == [1, 0, 0, 1])
  }
}
