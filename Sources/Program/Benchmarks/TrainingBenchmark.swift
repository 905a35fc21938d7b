internal import Foundation
internal import Networks
internal import SpecGANDatasets
package import SpecGANErrors
package import SpecGANModels
internal import SpecGANRandomness
internal import SpecGANSettings
package import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers

/// A benchmark of training and generation on this machine.
package struct TrainingBenchmark: Sendable {
  /// The settings of a benchmark.
  package struct Configuration: Equatable, Sendable {
    /// The model.
    package var model = ModelKind.specgan
    /// The width `d` of the networks.
    package var dimension = 64
    /// The batch size.
    package var batch = 64
    /// The number of threads.
    package var threads = 2
    /// The number of timed repetitions.
    package var steps = 5

    /// Creates the settings of the paper's SpecGAN.
    package init() {}
  }

  /// The wall time and the CPU time of one update.
  package struct Time: Equatable, Sendable {
    /// The wall time in seconds.
    package var wall: Double
    /// The CPU seconds, over all threads.
    package var cpu: Double
  }

  /// The results. Every time is a median, except for ``passes`` and ``stepCPU``, which are means,
  /// so that they add up.
  package struct Report: Equatable, Sendable {
    /// The settings.
    package var configuration: Configuration
    /// The time of a critic update.
    package var critic: Time
    /// The time of a generator update.
    package var generator: Time
    /// The time to generate one batch, without training.
    package var generate: Time
    /// The processor's peak on one core, in GFLOP/s. See ``ProcessorPeak``.
    package var peakGigaflops: Double
    /// The useful GFLOP/s of a critic update per busy core, divided by that peak.
    package var efficiency: Double
    /// The peak memory of the process in MiB.
    package var peakMemory: Double
    /// The CPU time of each layer's passes in one step, in the order of their first call.
    package var passes: [Pass]
    /// The CPU seconds of one step, by the mean of the updates that ``passes`` is from.
    package var stepCPU: Double

    /// The number of critic updates per generator update.
    package var criticUpdates: Int
    /// The wall time of one step in seconds: the critic's updates and the generator's.
    package var stepWall: Double { Double(criticUpdates) * critic.wall + generator.wall }
  }

  /// The cost of one kind of pass of one layer in one step.
  package struct Pass: Equatable, Sendable {
    /// The layer, by the reference's name of its parameters.
    package var layer: String
    /// The kind of pass.
    package var kind: PassTimer.Kind
    /// The CPU seconds, over all threads.
    package var cpu: Double
    /// The number of useful multiplications and additions.
    package var operations: Double
  }

  /// Measures `configuration`, with noise instead of data.
  ///
  /// - Throws: ``SpecGANError`` if memory is too small, or training on noise diverges.
  package static func run(_ configuration: Configuration) throws(SpecGANError) -> Report {
    let gan = gan(configuration)
    let engine = Engine(threads: configuration.threads)
    let trainer = try trainer(gan, configuration, engine)
    var losses = StepLosses()
    let critic = try measure(configuration.steps, engine) { () throws(Divergence) in
      try trainer.updateCritic(0, &losses)
    }
    let generator = try measure(configuration.steps, engine) { () throws(Divergence) in
      try trainer.updateGenerator(&losses)
    }
    let generate = try measure(configuration.steps, engine) { trainer.generate(update: 0) }
    let peak = ProcessorPeak.gigaflops(bestOf: 20)
    let useful =
      Double(criticForwardEquivalents * 2 * gan.critic.multiplyAdds * configuration.batch)
    let criticUpdates = trainer.configuration.criticUpdates
    return Report(
      configuration: configuration, critic: critic.time, generator: generator.time,
      generate: generate.time, peakGigaflops: peak,
      efficiency: useful / critic.time.cpu / 1e9 / peak, peakMemory: peakMemory(),
      passes: passes([(critic.timer, criticUpdates), (generator.timer, 1)], configuration.steps),
      stepCPU: Double(criticUpdates) * critic.mean + generator.mean,
      criticUpdates: criticUpdates)
  }

  /// Returns the passes of one step, from timers of `count` updates each, and the number of each
  /// network's updates in a step.
  private static func passes(
    _ timers: [(timer: PassTimer, updates: Int)], _ count: Int
  ) -> [Pass] {
    var passes: [Pass] = []
    for (timer, updates) in timers {
      let share = Double(updates) / Double(count)
      for entry in timer.entries {
        let index =
          passes.firstIndex { $0.layer == entry.layer && $0.kind == entry.kind } ?? passes.count
        if index == passes.count {
          passes.append(Pass(layer: entry.layer, kind: entry.kind, cpu: 0, operations: 0))
        }
        passes[index].cpu += share * entry.seconds
        passes[index].operations += share * 2 * Double(entry.multiplyAdds)
      }
    }
    return passes
  }

  /// The cost of a critic update in forward passes of the critic: 1 to generate, 3 each for real
  /// and generated examples, 4 for the penalty.
  private static let criticForwardEquivalents = 11

  private static func gan(_ configuration: Configuration) -> GAN {
    var network = NetworkConfiguration()
    network.dimension = configuration.dimension
    return .model(configuration.model, network)
  }

  private static func trainer(
    _ gan: GAN, _ configuration: Configuration, _ engine: Engine
  ) throws(SpecGANError) -> Trainer {
    var training = TrainingConfiguration()
    training.batchSize = configuration.batch
    let memory = TrainingMemory.needed(gan, training)
    if let availableMemory, memory > availableMemory {
      throw .memory(needed: memory, available: availableMemory)
    }
    let noise = Tensor(shape: [configuration.batch] + gan.sampleShape)
    noise.withMutableSpan { span in
      RandomStream(seed: 0, purpose: .generation).fill(&span, from: 0, lowest: -1, width: 2)
    }
    return Trainer(gan, training, examples: StoredExamples(noise), engine: engine)
  }

  /// Returns the medians over `count` runs of `body`, after one that is not timed, with their mean
  /// CPU time and the timer of their passes.
  private static func measure(
    _ count: Int, _ engine: Engine, _ body: () throws(Divergence) -> Void
  ) throws(SpecGANError) -> (time: Time, mean: Double, timer: PassTimer) {
    func update() throws(SpecGANError) {
      do throws(Divergence) { try body() } catch {
        throw .diverged(run: "the benchmark", step: 1, error)
      }
    }
    try update()
    let timer = PassTimer()
    engine.timer = timer
    defer { engine.timer = nil }
    let times = try (0..<count).map { _ throws(SpecGANError) in
      let start = (ContinuousClock.now, PassTimer.processorSeconds)
      try update()
      return Time(wall: start.0.secondsPassed, cpu: PassTimer.processorSeconds - start.1)
    }
    let median = Time(
      wall: times.map { $0.wall }.sorted()[count / 2],
      cpu: times.map { $0.cpu }.sorted()[count / 2])
    return (median, times.reduce(0) { $0 + $1.cpu } / Double(count), timer)
  }

  private static func peakMemory() -> Double {
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}
