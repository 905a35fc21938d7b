import Networks
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

/// One of the two networks of `tools/reference/models.py`: dimension 2, 7 latents, given weights.
private struct GoldenGAN {
  let golden: Golden
  let gan: GAN
  let generator: Parameters
  let critic: Parameters
  let engine = Engine(threads: 2)
  let batch = 3

  init(_ kind: ModelKind) throws {
    golden = try Golden(kind.rawValue)
    var network = NetworkConfiguration()
    network.latent = 7
    network.dimension = 2
    gan = kind == .specgan ? .specGAN(network) : .waveGAN(network)
    generator = try golden.parameters(gan.generator.layout)
    critic = try golden.parameters(gan.critic.layout)
  }

  /// Returns a plan whose generator has generated the golden samples.
  func plan() throws -> Plan {
    let plan = Plan(gan, .batches(of: batch), engine: engine)
    let input = GeneratorInput(latents: try golden.tensor("z").view, labels: [])
    plan.generate(input, .init(parameters: generator), engine)
    return plan
  }

  /// Returns the shifts of the groups in the order of the batch; SpecGAN has none.
  func shifts(_ name: String, groups: [Int]) throws -> PhaseShifts {
    guard gan.kind == .wavegan else { return PhaseShifts() }
    let values = try golden.integers(name).map(Int.init)
    return PhaseShifts(groups.map { Array(values[4 * $0..<4 * ($0 + 1)]) }, groupSize: batch)
  }
}

/// The longest chain of sums: six layers, of which the widest has a receptive field of 25 · 32.
private let terms = 6 * 25 * 32

@Suite struct GoldenNetworkTests {
  @Test(arguments: ModelKind.allCases)
  func samplesAndValuesEqualPyTorchs(_ kind: ModelKind) throws {
    let subject = try GoldenGAN(kind)
    let golden = subject.golden
    let plan = try subject.plan()
    expectClose(
      plan.generator.output.values, try golden.floats("generated"), terms: terms, "generated")
    plan.critic.input.copy(0..<3, of: try golden.tensor("real").view, to: plan.real.lowerBound)
    var pass = Pass(parameters: subject.critic, examples: 0..<6, engine: subject.engine)
    pass.shifts = try subject.shifts("shifts", groups: [0, 1])
    subject.gan.critic.forward(plan.critic, pass)
    let values = plan.critic.output.values
    // The terms of a value are larger than the value, so the tolerance is relative to 1.
    expectClose(
      Array(values[0..<3]), try golden.floats("critic_real"), terms: terms, scale: 1, "real")
    expectClose(
      Array(values[3..<6]), try golden.floats("critic_fake"), terms: terms, scale: 1, "generated")
  }

  @Test(arguments: ModelKind.allCases)
  func theCriticsLossAndItsWholeGradientEqualPyTorchs(_ kind: ModelKind) throws {
    let subject = try GoldenGAN(kind)
    let golden = subject.golden
    let plan = try subject.plan()
    plan.critic.input.copy(0..<3, of: try golden.tensor("real").view, to: plan.real.lowerBound)
    let draws = Plan.CriticDraws(
      interpolations: try golden.floats("alpha"),
      shifts: try subject.shifts("shifts", groups: [0, 1]),
      interpolatedShifts: try subject.shifts("shifts", groups: [2]))
    let losses = plan.criticLosses(.init(parameters: subject.critic), draws, subject.engine)
    expectClose([losses.criticLoss], try golden.floats("critic_loss"), terms: terms)
    expectClose([losses.wasserstein], try golden.floats("wasserstein"), terms: terms, scale: 1)
    expectClose(
      [try #require(losses.gradientPenalty)], try golden.floats("gradient_penalty"), terms: terms)
    for (name, slice) in plan.criticGradient.total.slices {
      expectClose(slice.values, try golden.floats("gradient/" + name), terms: terms, name)
    }
    // Sums of ±1/3 that float32 does not cancel exactly would become full updates with Adam.
    #expect(try golden.floats("gradient/D/output/dense/bias") == [0])
  }

  @Test(arguments: ModelKind.allCases)
  func theGeneratorsLossAndItsGradientEqualPyTorchs(_ kind: ModelKind) throws {
    let subject = try GoldenGAN(kind)
    let golden = subject.golden
    let plan = try subject.plan()
    let loss = plan.generatorLoss(
      .init(parameters: subject.generator), .init(parameters: subject.critic),
      try subject.shifts("generator_shifts", groups: [0, 0]), subject.engine)
    expectClose([loss], try golden.floats("generator_loss"), terms: terms, scale: 1)
    for (name, slice) in plan.generatorGradient.total.slices {
      expectClose(slice.values, try golden.floats("gradient/" + name), terms: terms, name)
    }
  }
}
