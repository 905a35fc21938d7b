import Models
import Testing
import Training

@Suite struct TrainingBenchmarkTests {
  @Test(arguments: ModelKind.allCases)
  func figuresAreSane(_ kind: ModelKind) throws {
    var configuration = TrainingBenchmark.Configuration()
    configuration.model = kind
    configuration.dimension = 4
    configuration.batch = 2
    configuration.threads = 1
    configuration.steps = 3
    let report = try TrainingBenchmark.run(configuration)
    #expect(report.configuration == configuration)
    for time in [report.critic, report.generator, report.generate] {
      #expect(time.wall > 0 && time.wall < 60)
      #expect(time.cpu > 0 && time.cpu < 60)
    }
    // Eleven passes against one: far enough apart for a busy machine.
    #expect(report.critic.cpu > report.generate.cpu)
    #expect(report.productGigaflops > 1 && report.productGigaflops < 1000)
    #expect(report.efficiency > 0 && report.efficiency < 1)
    #expect(report.peakMemory > 1 && report.peakMemory < 100_000)
  }
}
