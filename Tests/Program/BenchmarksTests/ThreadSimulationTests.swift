import SpecGANBenchmarks
import SpecGANModels
import SpecGANSettings
import SpecGANTensors
import SpecGANTestSupport
import SpecGANTraining
import Testing

@Suite(.slow) struct ThreadSimulationTests {
  private func simulation(_ threads: Int, kind: ModelKind = .specgan) throws -> ThreadSimulation {
    var configuration = TrainingBenchmark.Configuration()
    configuration.settings.model = kind
    configuration.settings.network.dimension = 4
    configuration.settings.training.batchSize = 4
    return try ThreadSimulation(of: configuration, threads: threads)
  }

  @Test(arguments: ModelKind.allCases) func oneThreadIsAlwaysBusy(_ kind: ModelKind) throws {
    let simulation = try simulation(1, kind: kind)
    #expect(abs(simulation.efficiency - 1) < 1e-9)
    #expect(simulation.passes.allSatisfy { abs($0.lost) < 1e-9 })
  }

  @Test(arguments: [2, 64]) func manyThreadsTakeLessTimeButWait(_ threads: Int) throws {
    let simulation = try simulation(threads)
    #expect(simulation.threads == threads)
    #expect(simulation.efficiency > 0 && simulation.efficiency < 1)
    #expect(simulation.seconds >= simulation.cpu / Double(threads))
    let sums = simulation.passes.reduce(into: (cpu: 0.0, seconds: 0.0)) {
      $0.cpu += $1.cpu
      $0.seconds += $1.seconds
    }
    #expect(abs(sums.cpu - simulation.cpu) < 1e-9)
    #expect(abs(sums.seconds - simulation.seconds) < 1e-9)
    for pass in simulation.passes {
      #expect(pass.lost > -1e-9 && pass.serial >= 0 && pass.longestTask <= pass.cpu + 1e-9)
      #expect(pass.runs >= 1 && pass.tasks >= pass.runs)
    }
  }

  /// The critic's first layer: real and generated examples, then interpolated ones, in each of five
  /// updates, and the generated ones of the generator's update.
  @Test func theTasksOfAPassAreCounted() throws {
    let simulation = try simulation(1)
    let outside = try #require(simulation.passes.last)
    #expect(outside.layer == nil && outside.kind == nil)
    let first = try #require(
      simulation.passes.first { $0.layer == "D/downconv_0" && $0.kind == .forward })
    #expect(first.runs == 11)
    // One example has more windows than a task needs.
    #expect(first.tasks == Double(5 * (8 + 4) + 4))
    #expect(first.tasksOfWorstRun == 4 || first.tasksOfWorstRun == 8)
  }

  /// Numbers of threads are simulated in their order, after the measurement.
  @Test func aReportHasEverySimulation() throws {
    var configuration = TrainingBenchmark.Configuration()
    configuration.settings = .small
    configuration.settings.network.dimension = 2
    configuration.settings.training.batchSize = 2
    configuration.settings.training.penaltyInterval = 2
    (configuration.threads, configuration.steps) = (1, 1)
    configuration.simulatedThreads = [3, 1]
    let report = try TrainingBenchmark.run(configuration)
    #expect(report.simulations.map(\.threads) == [3, 1])
  }
}
