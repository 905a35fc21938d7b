import Networks
import SpecGANModels
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite struct GradientPenaltyTests {
  /// A critic with a constant value: the norm of its gradient, zero, has no derivative.
  @Test(arguments: ModelKind.allCases)
  func aCriticWithoutAnySlopeHasAPenaltyOfOneAndAFiniteGradient(_ kind: ModelKind) {
    var network = NetworkConfiguration()
    (network.latent, network.dimension) = (7, 2)
    let gan: GAN = kind == .specgan ? .specGAN(network) : .waveGAN(network)
    let engine = Engine(threads: 2)
    let plan = Plan(gan, .batches(of: 3), engine: engine)
    plan.critic.input.copy(0..<6, of: Tensor.random([6] + gan.sampleShape, seed: 1).view, to: 0)
    let losses = plan.criticLosses(
      .init(parameters: Parameters(gan.critic.layout)), draws(for: gan), engine)
    #expect(losses.gradientPenalty == 1)
    #expect(losses.criticLoss == 10)
    #expect(losses.wasserstein == 0)
    #expect(plan.criticGradient.total.block.values.allSatisfy { $0.isFinite })
  }

  private func draws(for gan: GAN) -> Plan.CriticDraws {
    guard gan.kind == .wavegan else { return Plan.CriticDraws(interpolations: [0, 0.5, 0.9]) }
    return Plan.CriticDraws(
      interpolations: [0, 0.5, 0.9],
      shifts: PhaseShifts([[0, 1, 2, -1], [2, 0, 1, 1]], groupSize: 3),
      interpolatedShifts: PhaseShifts([[1, -2, 0, 2]], groupSize: 3))
  }
}

extension TrainingConfiguration {
  /// The settings of the reference, except for the batch size.
  static func batches(of size: Int) -> Self {
    var configuration = Self()
    configuration.batchSize = size
    return configuration
  }
}
