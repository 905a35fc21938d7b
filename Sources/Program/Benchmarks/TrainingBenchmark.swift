internal import Foundation
internal import Networks
internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANRandomness
package import SpecGANSettings
package import SpecGANTensors
internal import SpecGANTraining
internal import SpecGANWorkers

/// A benchmark of training and generation on this machine.
package struct TrainingBenchmark: Sendable {
  /// The settings of a benchmark.
  package struct Configuration: Equatable, Sendable {
    /// The settings of the networks and of training. Examples are noise; augmentation is left out,
    /// and conditional networks have ten labels.
    package var settings = SpecGANSettings.Configuration()
    /// The number of threads.
    package var threads = 2
    /// The number of timed repetitions.
    package var steps = 5
    /// The numbers of threads whose step time is simulated.
    package var simulatedThreads: [Int] = []

    /// Creates the settings of the paper's SpecGAN.
    package init() {}

    /// The batch size.
    var batch: Int { settings.training.batchSize }
  }

  /// The wall time and the CPU time of one update.
  package struct Time: Equatable, Sendable {
    /// The wall time in seconds.
    package var wall: Double
    /// The CPU seconds, over all threads.
    package var cpu: Double
  }

  /// The results. Every time is a median, except for ``passes`` and ``stepCPU``, which are means,
  /// so that they add up, and for the critic's updates if only some have penalties.
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
    /// The useful GFLOP/s of a critic update per busy core, divided by that peak; nil for losses
    /// other than wgan-gp.
    package var efficiency: Double?
    /// The peak memory of the process in MiB.
    package var peakMemory: Double
    /// The CPU time of each layer's passes in one step, in the order of their first call.
    package var passes: [Pass]
    /// The CPU seconds of one step, by the mean of the updates that ``passes`` is from.
    package var stepCPU: Double

    /// The number of critic updates per generator update.
    package var criticUpdates: Int
    /// A step on each number of ``Configuration/simulatedThreads``.
    package var simulations: [ThreadSimulation] = []

    /// The number of steps of a run: the planned one, or that of the paper's runs.
    package var runSteps: Int { configuration.settings.training.plannedSteps ?? 200_000 }
    /// The duration of a run in days, if all threads are busy and nothing else runs.
    package var runDays: Double {
      Double(runSteps) * stepCPU / Double(configuration.threads) / 86_400
    }
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
    var report = try measured(configuration)
    // After the networks of the measurement have left memory.
    for threads in configuration.simulatedThreads {
      report.simulations.append(try ThreadSimulation(of: configuration, threads: threads))
    }
    return report
  }

  /// Returns the results on the threads of this machine.
  private static func measured(_ configuration: Configuration) throws(SpecGANError) -> Report {
    let engine = Engine(threads: configuration.threads)
    let trainer = try trainer(configuration, engine)
    let gan = trainer.gan
    var losses = StepLosses()
    let interval = trainer.configuration.penaltyInterval
    let criticCount = (configuration.steps + interval - 1) / interval * interval
    let critic = try measure(criticCount, engine, byMean: interval > 1) {
      index throws(Divergence) in
      try trainer.updateCritic(index, &losses)
    }
    let generator = try measure(configuration.steps, engine) { _ throws(Divergence) in
      try trainer.updateGenerator(&losses)
    }
    let generate = try measure(configuration.steps, engine) { _ in trainer.generate(update: 0) }
    let peak = ProcessorPeak.gigaflops(bestOf: 20)
    let hasPenalty = trainer.configuration.loss.hasGradientPenalty
    let useful =
      Double(criticForwardEquivalents * 2 * gan.critic.multiplyAdds * configuration.batch)
    let criticUpdates = trainer.configuration.criticUpdates
    return Report(
      configuration: configuration, critic: critic.time, generator: generator.time,
      generate: generate.time, peakGigaflops: peak,
      efficiency: hasPenalty ? useful / critic.time.cpu / 1e9 / peak : nil,
      peakMemory: peakMemory(),
      passes: passes([
        (critic.timer, Double(criticUpdates) / Double(criticCount)),
        (generator.timer, 1 / Double(configuration.steps)),
      ]),
      stepCPU: Double(criticUpdates) * critic.mean + generator.mean,
      criticUpdates: criticUpdates)
  }

  /// Returns the passes of one step, from timers of several updates each, and the number of a
  /// step's updates divided by theirs.
  private static func passes(_ timers: [(timer: PassTimer, share: Double)]) -> [Pass] {
    var passes: [Pass] = []
    for (timer, share) in timers {
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

  /// The number of labels of conditional networks.
  private static let labelCount = 10

  /// Returns a trainer on noise.
  ///
  /// - Throws: ``SpecGANError`` if memory is too small.
  static func trainer(
    _ configuration: Configuration, _ engine: Engine
  ) throws(SpecGANError) -> Trainer {
    let gan = configuration.settings.gan(labels: labelCount)
    var training = configuration.settings.training.resolved
    training.augmentation = .none
    let memory = TrainingMemory.needed(gan, training)
    if let availableMemory, memory > availableMemory {
      throw .memory(needed: memory, available: availableMemory)
    }
    let noise = Tensor(shape: [configuration.batch] + gan.sampleShape)
    noise.withMutableSpan { span in
      RandomStream(seed: 0, purpose: .generation).fill(&span, from: 0, lowest: -1, width: 2)
    }
    let labels = gan.labelCount == 0 ? [] : (0..<configuration.batch).map { $0 % gan.labelCount }
    return Trainer(
      gan, training, examples: StoredExamples(noise), labels: labels, engine: engine)
  }

  /// Returns the medians over `count` runs of `body`, which gets their indices, or their means,
  /// after one that is not timed; with their mean CPU time and the timer of their passes.
  private static func measure(
    _ count: Int, _ engine: Engine, byMean: Bool = false,
    _ body: (Int) throws(Divergence) -> Void
  ) throws(SpecGANError) -> (time: Time, mean: Double, timer: PassTimer) {
    func update(_ index: Int) throws(SpecGANError) {
      do throws(Divergence) { try body(index) } catch {
        throw .diverged(run: "the benchmark", step: 1, error)
      }
    }
    try update(0)
    let timer = PassTimer()
    engine.timer = timer
    defer { engine.timer = nil }
    let times = try (0..<count).map { index throws(SpecGANError) in
      let start = (ContinuousClock.now, PassTimer.processorSeconds)
      try update(index)
      return Time(wall: start.0.secondsPassed, cpu: PassTimer.processorSeconds - start.1)
    }
    let mean = Time(
      wall: times.reduce(0) { $0 + $1.wall } / Double(count),
      cpu: times.reduce(0) { $0 + $1.cpu } / Double(count))
    let median = Time(
      wall: times.map { $0.wall }.sorted()[count / 2],
      cpu: times.map { $0.cpu }.sorted()[count / 2])
    return (byMean ? mean : median, mean.cpu, timer)
  }

  private static func peakMemory() -> Double {
    var usage = rusage()
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return Double(usage.ru_maxrss) / 1024
  }
}
