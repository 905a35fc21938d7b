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

/// How fast this machine trains and generates.
package struct TrainingBenchmark: Sendable {
  /// What is measured.
  package struct Configuration: Equatable, Sendable {
    /// Which model.
    package var model = ModelKind.specgan
    /// The width `d`.
    package var dimension = 64
    /// Examples of an update.
    package var batch = 64
    /// Threads.
    package var threads = 2
    /// Timed repetitions of each figure.
    package var steps = 5

    /// SpecGAN at its published size.
    package init() {}
  }

  /// Seconds of one update: passed, and of processor time over all threads.
  package struct Time: Equatable, Sendable {
    /// Seconds passed.
    package var wall: Double
    /// Seconds of processor time.
    package var cpu: Double
  }

  /// The figures. Every time is a median, but for ``passes`` and ``stepCPU``, which are means, so
  /// that they add up.
  package struct Report: Equatable, Sendable {
    /// What was measured.
    package var configuration: Configuration
    /// A critic update.
    package var critic: Time
    /// A generator update.
    package var generator: Time
    /// The generator alone, one batch.
    package var generate: Time
    /// The processor's peak on one core, in GFLOP/s. See ``ProcessorPeak``.
    package var peakGigaflops: Double
    /// The useful GFLOP/s of a critic update per busy core, divided by that peak.
    package var efficiency: Double
    /// The most memory the process has held, in MiB.
    package var peakMemory: Double
    /// What the passes of every layer took of one step, in the order they first happened.
    package var passes: [Pass]
    /// Seconds of processor time of one step, by the mean of the updates that the passes are from.
    package var stepCPU: Double

    /// Critic updates to a generator update.
    package var criticUpdates: Int
    /// Seconds that one step takes: the critic's updates and the generator's.
    package var stepWall: Double { Double(criticUpdates) * critic.wall + generator.wall }
  }

  /// What one kind of pass of one layer took of one step.
  package struct Pass: Equatable, Sendable {
    /// The layer, by the published code's name of its parameters.
    package var layer: String
    /// Which pass.
    package var kind: PassTimer.Kind
    /// Seconds of processor time.
    package var cpu: Double
    /// Useful multiplications and additions.
    package var operations: Double
  }

  /// Measures `configuration`, on noise in place of data.
  ///
  /// - Throws: ``SpecGANError``, or
  ///   ``SpecGANError`` where training on noise blows up.
  package static func run(_ configuration: Configuration) throws(SpecGANError) -> Report {
    let gan = gan(configuration)
    let engine = Engine(threads: configuration.threads)
    let trainer = try trainer(gan, configuration, engine)
    var losses = Losses()
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

  /// The passes of one step, from timers of `count` updates each that a step has some of.
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

  /// What a critic update costs in passes of the critic: 1 to generate, 3 each for real and
  /// generated examples, 4 for the penalty.
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

  /// The medians over `count` runs of `body`, after one that is not timed, their mean processor
  /// time, and where it went.
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
