import SpecGANBenchmarks
import SpecGANModels
import SpecGANSynthesis
internal import SpecGANTensors

/// The text of a benchmark's result: its figures, the time per layer and pass, and the time of a
/// run.
struct BenchmarkTable {
  let report: TrainingBenchmark.Report
  let spectral: SpectralBenchmark.Report

  /// The number of steps in the paper's runs.
  private static let publishedSteps = 200_000

  var text: String {
    let configuration = report.configuration
    let days = (Double(Self.publishedSteps) * report.stepWall).duration
    return """
      \(configuration.model.rawValue), dimension \(configuration.dimension), batch \
      \(configuration.batch), \(configuration.threads) threads

      \(figures)

      One step: \(report.criticUpdates) critic updates and 1 generator update

      \(table(by: "layer") { $0.layer })

      \(table(by: "pass") { $0.kind.rawValue })

      \(Self.publishedSteps) steps take about \(days) on this machine.
      """
  }

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
      efficiency        \(report.efficiency.rounded(to: 3)) of the peak, in a critic update
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
