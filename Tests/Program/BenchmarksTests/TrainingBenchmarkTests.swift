import Networks
import SpecGANBenchmarks
import SpecGANModels
import SpecGANSettings
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite(.slow) struct TrainingBenchmarkTests {
  @Test(arguments: ModelKind.allCases)
  func figuresAreSane(_ kind: ModelKind) throws {
    var configuration = TrainingBenchmark.Configuration()
    configuration.settings.model = kind
    configuration.settings.network.dimension = 4
    configuration.settings.training.batchSize = 2
    configuration.threads = 1
    configuration.steps = 3
    let report = try TrainingBenchmark.run(configuration)
    #expect(report.configuration == configuration)
    for time in [report.critic, report.generator, report.generate] {
      #expect(time.wall > 0 && time.wall < 60)
      #expect(time.cpu > 0 && time.cpu < 60)
    }
    // Eleven passes against one: the difference is large enough for a busy machine.
    #expect(report.critic.cpu > report.generate.cpu)
    #expect(report.peakGigaflops > 1 && report.peakGigaflops < 1000)
    // Convolutions take half of the multiplications of the definition.
    let efficiency = try #require(report.efficiency)
    #expect(efficiency > 0 && efficiency < 2)
    #expect(report.peakMemory > 1 && report.peakMemory < 100_000)
  }

  /// Five updates of the critic, of eleven passes each, and one of the generator, of five: by the
  /// multiplications of each network's passes, and nothing counted twice.
  @Test(arguments: ModelKind.allCases) func passesAddUpToAStep(_ kind: ModelKind) throws {
    var configuration = TrainingBenchmark.Configuration()
    configuration.settings.model = kind
    configuration.settings.network.dimension = 4
    configuration.settings.training.batchSize = 2
    configuration.threads = 1
    configuration.steps = 2
    let report = try TrainingBenchmark.run(configuration)
    var network = NetworkConfiguration()
    network.dimension = 4
    let gan: GAN = kind == .specgan ? .specGAN(network) : .waveGAN(network)
    func operations(_ prefix: String, _ passes: Set<PassTimer.Kind>) -> Double {
      report.passes.filter { $0.layer.hasPrefix(prefix) && passes.contains($0.kind) }
        .reduce(0) { $0 + $1.operations }
    }
    func expected(_ multiplyAdds: Int, times: Int) -> Double {
      2 * Double(configuration.settings.training.batchSize * multiplyAdds * times)
    }
    let critic = gan.critic
    let first = critic.layers[0].multiplyAdds
    // Three groups forward; the weights' gradient of each; backward, which reaches the first
    // layer's input only for interpolated examples; and the tangent.
    expectSame(operations("D/", [.forward]), expected(critic.multiplyAdds, times: 5 * 3 + 1))
    expectSame(operations("D/", [.gradient]), expected(critic.multiplyAdds, times: 5 * 3))
    expectSame(
      operations("D/", [.backward]),
      expected(critic.multiplyAdds - first, times: 5 * 3 + 1) + expected(first, times: 5 + 1))
    expectSame(operations("D/", [.tangent]), expected(critic.multiplyAdds, times: 5))
    expectSame(operations("G/", [.forward]), expected(gan.generator.multiplyAdds, times: 5 + 1))
    expectSame(operations("G/", [.gradient]), expected(gan.generator.multiplyAdds, times: 1))
    #expect(operations("G/", [.tangent]) == 0)
    let seconds = report.passes.reduce(0) { $0 + $1.cpu }
    // A step's time is that of the whole process, which also runs other tests.
    #expect(seconds > 0.05 * report.stepCPU && seconds <= report.stepCPU)
  }

  /// With penalties in every third update, a step has a third of their passes on average.
  @Test func penaltiesCountByTheirInterval() throws {
    func operations(_ interval: Int) throws -> Double {
      var configuration = TrainingBenchmark.Configuration()
      configuration.settings = .small
      configuration.settings.network.dimension = 4
      configuration.settings.training.batchSize = 2
      configuration.settings.training.penaltyInterval = interval
      (configuration.threads, configuration.steps) = (1, 2)
      let report = try TrainingBenchmark.run(configuration)
      #expect(report.efficiency == nil && report.runSteps == 200_000)
      #expect(report.runDays == 200_000 * report.stepCPU / 86_400)
      return report.passes.filter { $0.kind == .tangent }.reduce(0) { $0 + $1.operations }
    }
    let always = try operations(1)
    #expect(always > 0)
    expectSame(try operations(3), always / 3)
  }

  /// Transforms, integration, 16 and 200 projections: each several times the one before.
  @Test(arguments: [1, 3]) func spectralFiguresAreSane(_ count: Int) throws {
    let slices = (0..<count).map { shift in
      SpectralBenchmark.decayingNoise().map { $0 / Float(shift + 1) }
    }
    let report = try SpectralBenchmark.run(on: slices)
    #expect(report.transform > 1e-6 && report.transform < report.pghi)
    #expect(report.pghi < report.fast && 2 * report.fast < report.best && report.best < 10)
  }

  private func expectSame(
    _ actual: Double, _ expected: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      abs(actual - expected) < 1e-9 * expected, "\(actual), not \(expected)",
      sourceLocation: sourceLocation)
  }
}
