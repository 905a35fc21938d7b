import SpecGANBenchmarks
import SpecGANModels
internal import SpecGANSettings
import SpecGANSynthesis
internal import SpecGANTensors
internal import SpecGANTraining

/// The text of a benchmark's result: its figures, the time per layer and pass, and the time of a
/// run.
struct BenchmarkTable {
  let report: TrainingBenchmark.Report
  let spectral: SpectralBenchmark.Report

  var text: String {
    let configuration = report.configuration
    let settings = configuration.settings
    let threads = configuration.threads == 1 ? "1 thread" : "\(configuration.threads) threads"
    return """
      \(settings.model.rawValue), dimension \(settings.network.dimension), batch \
      \(settings.training.batchSize), \(threads)

      \(figures)

      One step: \(report.criticUpdates) critic updates and 1 generator update

      \(table(by: "layer") { $0.layer })

      \(table(by: "pass") { $0.kind.rawValue })

      \(report.runSteps) steps take about \(report.runDays.rounded(to: report.runDays < 1 ? 2 : 1)) days \
      with \(threads), by CPU seconds: \(report.stepCPU.rounded(to: 3)) s each.\(simulations)
      """
  }

  /// The simulated steps, after an empty line, and the passes that lose most on the most threads;
  /// empty if nothing was simulated.
  private var simulations: String {
    guard let largest = report.simulations.max(by: { $0.threads < $1.threads }) else { return "" }
    let steps = report.simulations.map { step -> [String] in
      [
        "\(step.threads)", step.seconds.rounded(to: 4), step.cpu.rounded(to: 3),
        step.efficiency.rounded(to: 3),
      ]
    }
    let most = largest.passes.sorted { $0.lost > $1.lost }.prefix(Self.simulatedPasses)
    let losses = most.map { pass -> [String] in
      var name = "outside of passes"
      if let layer = pass.layer, let kind = pass.kind { name = "\(layer) \(kind.rawValue)" }
      return [
        name, pass.lost.rounded(to: 4), pass.seconds.rounded(to: 4), pass.runs.rounded(to: 0),
        "\(pass.tasksOfWorstRun)", (1e3 * pass.longestTask).rounded(to: 2),
        (1e3 * pass.serial).rounded(to: 2),
      ]
    }
    return """


      One step on simulated threads, without limits of memory and clock rates:

      \(TextTable(header: ["threads", "step s", "CPU s", "efficiency"], rows: steps).text)

      The largest losses on \(largest.threads) threads:

      \(TextTable(header: Self.lossColumns, rows: losses).text)
      """
  }

  /// The number of passes in the table of losses.
  private static let simulatedPasses = 8

  /// The columns of the table of losses. A run is work that the threads begin together.
  private static let lossColumns = [
    "pass", "lost s", "of s", "runs", "tasks of the worst", "longest task ms", "serial ms",
  ]

  private var figures: String {
    func line(_ name: String, _ time: TrainingBenchmark.Time) -> String {
      "\(name)  \(time.wall.rounded(to: 4)) s wall, \(time.cpu.rounded(to: 4)) s CPU"
    }
    return """
      \(line("critic update   ", report.critic))
      \(line("generator update", report.generator))
      \(line("generate a batch", report.generate))
      transform a slice \((1e6 * spectral.transform).rounded(to: 0)) µs CPU
      invert a slice    \((1e3 * spectral.best).rounded(to: 2)) ms CPU by best, \((1e3 * spectral.fast).rounded(to: 2)) ms by fast
      processor's peak  \(report.peakGigaflops.rounded(to: 1)) GFLOP/s per core
      efficiency        \(report.efficiency.map { "\($0.rounded(to: 3)) of the peak, in a critic update" } ?? "–")
      peak memory       \(report.peakMemory.rounded(to: 0)) MiB
      """
  }

  /// Returns a table with a row for each key of the passes, and one for the rest.
  private func table(by title: String, _ key: (TrainingBenchmark.Pass) -> String) -> String {
    var keys: [String] = []
    for pass in report.passes where !keys.contains(key(pass)) { keys.append(key(pass)) }
    let groups = keys.map { name -> (name: String, cpu: Double, operations: Double) in
      let passes = report.passes.filter { key($0) == name }
      return (name, passes.reduce(0) { $0 + $1.cpu }, passes.reduce(0) { $0 + $1.operations })
    }
    let rest = report.stepCPU - groups.reduce(0) { $0 + $1.cpu }
    let rows = (groups + [("other", rest, 0)]).map { group in
      [
        group.name, group.cpu.rounded(to: 4),
        group.operations > 0 ? (1e-9 * group.operations / group.cpu).rounded(to: 1) : "–",
        "\((100 * group.cpu / report.stepCPU).rounded(to: 1)) %",
      ]
    }
    return TextTable(header: [title, "CPU s", "GFLOP/s per core", "share"], rows: rows).text
  }
}
