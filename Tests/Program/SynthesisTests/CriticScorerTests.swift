import Networks
import SpecGANModels
import SpecGANRuns
import SpecGANRunSupport
import SpecGANSessions
import SpecGANSynthesis
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite struct CriticScorerTests {
  /// The longest chain of sums: six layers, of which the widest has a receptive field of 25 · 32.
  private let terms = 6 * 25 * 32

  @Test func theNaiveCriticGivesPyTorchsValues() throws {
    let golden = try Golden("specgan")
    let critic = try NaiveCritic(.specgan, golden.floats)
    for (samples, values) in [("real", "critic_real"), ("generated", "critic_fake")] {
      let samples = try golden.floats(samples)
      let found = (0..<3).map { Float(critic.value(example($0, of: samples))) }
      // Stored in float32, for values of about 1.
      expectWithin(0x1p-23, found, try golden.floats(values))
    }
  }

  @Test(arguments: ModelKind.allCases)
  func theNaiveCriticsGradientIsItsSlope(_ kind: ModelKind) throws {
    let critic = try NaiveCritic(kind, Golden(kind.rawValue).floats)
    let x = randomNumbers(16_384, seed: 1).map(Double.init)
    let gradient = critic.gradient(x)
    for direction in [gradient, randomNumbers(16_384, seed: 2).map(Double.init)] {
      let step = 1e-7 / norm(direction)
      let ends = [step, -step].map { step in
        critic.value(zip(x, direction).map { $0 + step * $1 })
      }
      let slope = zip(gradient, direction).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(
        abs((ends[0] - ends[1]) / (2 * step) - slope) < 1e-6 * norm(gradient) * norm(direction))
    }
  }

  /// More samples than a batch of the network, so that the last batch is not full.
  @Test(arguments: ModelKind.allCases)
  func valuesAndGradientNormsAreThoseOfTheNaiveCritic(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let golden = try Golden(kind.rawValue)
      let scorer = CriticScorer(try checkpoint(kind, golden, folder), engine: Engine(threads: 2))
      let samples =
        try golden.floats("real") + golden.floats("generated")
        + randomNumbers(13 * 16_384, seed: 3)
      let scores = scorer.scores(Tensor(shape: [19, 16_384], samples))
      let critic = try NaiveCritic(kind, golden.floats)
      let examples = (0..<19).map { example($0, of: samples) }
      expectClose(
        scores.values, examples.map { Float(critic.value($0)) }, terms: terms, scale: 1, "values")
      expectClose(
        scores.gradientNorms, examples.map { Float(norm(critic.gradient($0))) }, terms: terms,
        "norms")
    }
  }

  @Test func thePenaltyOfItsNormsIsPyTorchs() throws {
    try withTemporaryFolder { folder in
      let golden = try Golden("specgan")
      let (real, fake) = (try golden.floats("real"), try golden.floats("generated"))
      let alpha = try golden.floats("alpha")
      let between = real.indices.map { real[$0] + alpha[$0 / 16_384] * (fake[$0] - real[$0]) }
      let scorer = CriticScorer(
        try checkpoint(.specgan, golden, folder), engine: Engine(threads: 2))
      let norms = scorer.scores(Tensor(shape: [3, 128, 128, 1], between)).gradientNorms
      let penalty = norms.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / 3
      expectClose([penalty], try golden.floats("gradient_penalty"), terms: terms)
    }
  }

  @Test(arguments: ModelKind.allCases)
  func aScoreDoesNotDependOnItsNeighboursNorOnThreads(_ kind: ModelKind) throws {
    try withTemporaryFolder { folder in
      let checkpoint = try checkpoint(kind, Golden(kind.rawValue), folder)
      let samples = randomNumbers(20 * 16_384, seed: 4)
      let all = CriticScorer(checkpoint, engine: Engine(threads: 1))
        .scores(Tensor(shape: [20, 16_384], samples))
      let scorer = CriticScorer(checkpoint, engine: Engine(threads: 3))
      for index in [0, 7, 19] {
        let alone = scorer.scores(
          Tensor(shape: [1, 16_384], Array(samples[16_384 * index..<16_384 * (index + 1)])))
        #expect(alone.values == [all.values[index]])
        #expect(alone.gradientNorms == [all.gradientNorms[index]])
      }
    }
  }

  private func example(_ index: Int, of samples: [Float]) -> [Double] {
    samples[16_384 * index..<16_384 * (index + 1)].map(Double.init)
  }

  private func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// A checkpoint with the golden weights.
  private func checkpoint(
    _ kind: ModelKind, _ golden: Golden, _ folder: TemporaryFolder
  ) throws -> Checkpoint {
    let small = try SmallRun(kind, in: folder)
    _ = try small.session().train(until: .init(), isInterrupted: { true })
    var parts = try CheckpointParts(small.run().checkpointPath(step: 0)).withoutChecksums()
    for index in parts.tensors.indices where golden.names.contains(parts.tensors[index].name) {
      #expect(golden.shape(parts.tensors[index].name) == parts.tensors[index].shape)
      parts.tensors[index].values = try golden.floats(parts.tensors[index].name)
    }
    return try Checkpoint(path: parts.write(to: folder))
  }
}
