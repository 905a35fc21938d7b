import ArgumentParser
import SpecGANBenchmarks
import SpecGANModels
import SpecGANSettings
internal import SpecGANTensors
internal import SpecGANTraining
import Waveforms

struct Benchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure how fast this machine trains, generates and inverts.",
    discussion: """
      Medians over --steps updates, after one that is not timed; means, if only some updates have \
      penalties. CPU seconds are summed over all threads. They depend less than wall time on other \
      load. Examples are noise, without augmentation.

      --simulate-threads computes the time of a training step on machines with more cores: one \
      thread does the work of a step, divided into the tasks of that many threads, and the CPU time \
      of each task is measured. Limits of the memory's bandwidth, shared caches and the lower clock \
      rates of busy processors are not included, so that real steps take longer.

      Example: specgan benchmark --model wavegan --dimension 16
      """)

  @Option(help: "The configuration of the networks and of training. (default: the paper's SpecGAN)")
  var config: String?

  @Option(help: "The model. (default: that of the configuration)")
  var model: ModelKind?

  @Option(help: "The width of the networks. (default: that of the configuration)")
  var dimension: Int?

  @Option(help: "Batch size. (default: that of the configuration)")
  var batch: Int?

  @Option(help: "Number of timed updates of each network.")
  var steps = 5

  @Option(
    parsing: .upToNextOption,
    help:
      "Audio files whose beginnings are transformed and inverted. (default: decaying noise)")
  var sounds: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Numbers of threads for which the time of a step is simulated, such as 16 64.",
      valueName: "threads"))
  var simulateThreads: [Int] = []

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    var numbers = [
      ("dimension", dimension ?? 1, 1...1024), ("batch", batch ?? 1, 1...4096),
      ("steps", steps, 1...10_000),
    ]
    for count in simulateThreads { numbers.append(("simulate-threads", count, 1...1024)) }
    for (name, value, range) in numbers where !range.contains(value) {
      throw ValidationError(
        "--\(name) is \(value); use a whole number from \(range.lowerBound) to \(range.upperBound)."
      )
    }
  }

  func run() throws {
    var configuration = TrainingBenchmark.Configuration()
    if let config { configuration.settings = try Configuration(path: config) }
    if let model { configuration.settings.model = model }
    if let dimension { configuration.settings.network.dimension = dimension }
    if let batch { configuration.settings.training.batchSize = batch }
    try configuration.settings.validatedForTraining()
    configuration.threads = threads.threads
    configuration.steps = steps
    configuration.simulatedThreads = simulateThreads
    let slices = try sounds.map(Self.slice)  // before the long part
    let report = try TrainingBenchmark.run(configuration)
    let spectral = try slices.isEmpty ? SpectralBenchmark.run() : SpectralBenchmark.run(on: slices)
    if results.json {
      try Console.json(Row(report, spectral))
    } else {
      try Console.table(BenchmarkTable(report: report, spectral: spectral).text)
    }
  }

  /// Returns the beginning of the audio file at `path`, with zeros after a short one.
  private static func slice(_ path: String) throws -> [Float] {
    let samples = try AudioFile.read(path).mixed(to: 1).samples.prefix(
      SpectralBenchmark.sliceLength)
    return samples + [Float](repeating: 0, count: SpectralBenchmark.sliceLength - samples.count)
  }

  private struct Row: Encodable {
    let model: String
    let dimension, batch, threads, steps: Int
    let critic_wall_s, critic_cpu_s: Double
    let generator_wall_s, generator_cpu_s: Double
    let generate_wall_s, generate_cpu_s: Double
    /// CPU seconds of a slice on one thread: its normalized spectrogram, and its inversion by the
    /// method named.
    let transform_cpu_s, invert_pghi_cpu_s, invert_fast_cpu_s, invert_best_cpu_s: Double
    let peak_gflops_per_core, peak_rss_mib: Double
    /// Null for losses other than wgan-gp.
    let efficiency: Double?
    /// The CPU seconds of a step; the steps of a run, and the days that they take on these threads.
    let step_cpu_s: Double
    let run_steps: Int
    let run_days: Double
    let passes: [Pass]
    /// A step on each number of simulated threads.
    let simulations: [Simulation]

    struct Pass: Encodable {
      let layer, pass: String
      let cpu_s, gflop: Double
    }

    struct Simulation: Encodable {
      let threads: Int
      let step_s, step_cpu_s, efficiency: Double
      let passes: [Pass]

      struct Pass: Encodable {
        /// Null for the work outside of passes.
        let layer, pass: String?
        let wall_s, cpu_s, serial_s, longest_task_s: Double
        let runs, tasks: Double
        let worst_run_tasks: Int
      }

      init(_ simulation: ThreadSimulation) {
        threads = simulation.threads
        (step_s, step_cpu_s) = (simulation.seconds, simulation.cpu)
        efficiency = simulation.efficiency
        passes = simulation.passes.map {
          Pass(
            layer: $0.layer, pass: $0.kind?.rawValue, wall_s: $0.seconds, cpu_s: $0.cpu,
            serial_s: $0.serial, longest_task_s: $0.longestTask, runs: $0.runs, tasks: $0.tasks,
            worst_run_tasks: $0.tasksOfWorstRun)
        }
      }
    }

    init(_ report: TrainingBenchmark.Report, _ spectral: SpectralBenchmark.Report) {
      let configuration = report.configuration
      let settings = configuration.settings
      model = settings.model.rawValue
      dimension = settings.network.dimension
      batch = settings.training.batchSize
      threads = configuration.threads
      steps = configuration.steps
      (critic_wall_s, critic_cpu_s) = (report.critic.wall, report.critic.cpu)
      (generator_wall_s, generator_cpu_s) = (report.generator.wall, report.generator.cpu)
      (generate_wall_s, generate_cpu_s) = (report.generate.wall, report.generate.cpu)
      transform_cpu_s = spectral.transform
      (invert_pghi_cpu_s, invert_fast_cpu_s) = (spectral.pghi, spectral.fast)
      invert_best_cpu_s = spectral.best
      peak_gflops_per_core = report.peakGigaflops
      efficiency = report.efficiency
      peak_rss_mib = report.peakMemory
      step_cpu_s = report.stepCPU
      (run_steps, run_days) = (report.runSteps, report.runDays)
      passes = report.passes.map {
        Pass(layer: $0.layer, pass: $0.kind.rawValue, cpu_s: $0.cpu, gflop: 1e-9 * $0.operations)
      }
      simulations = report.simulations.map(Simulation.init)
    }
  }
}
