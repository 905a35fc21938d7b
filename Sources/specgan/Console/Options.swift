public import ArgumentParser
public import Spectra
import Training
public import Waveforms
import Workers

extension SampleFormat: ExpressibleByArgument {}
extension InversionMethod: ExpressibleByArgument {}

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .customLong("threads"),
    help: ArgumentHelp("Threads to compute on. (default: one a processor)", valueName: "threads"))
  var count: Int?

  var threads: Int { count ?? Workers.processorCount }

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is \(threads); use a whole number from 1 to 1024.")
    }
  }
}

/// `--json`.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print one JSON object on one line of standard output, and nothing else there.")
  var json = false
}

/// `--set`.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override a key of the configuration, for instance network.dimension=16.",
      valueName: "key=value"))
  var settings: [String] = []

  func apply(to configuration: inout Configuration) throws {
    try configuration.set(settings)
  }
}

/// `--method` and `--iterations`.
struct InversionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How spectrograms become sounds. (default: the configuration's, \
      \(InversionConfiguration().method.rawValue) unless set)
      """,
      valueName: "method"))
  var method: InversionMethod?

  @Option(
    help:
      "Iterations of it. (default: the configuration's, \(InversionConfiguration().iterations) unless set)"
  )
  var iterations: Int?

  func validate() throws {
    let valid = InversionConfiguration.iterationCounts
    if let iterations, !valid.contains(iterations) {
      throw ValidationError(
        "--iterations is \(iterations); use a whole number from 0 to \(valid.upperBound).")
    }
  }

  func applied(to configuration: InversionConfiguration) -> InversionConfiguration {
    var configuration = configuration
    configuration.method = method ?? configuration.method
    configuration.iterations = iterations ?? configuration.iterations
    return configuration
  }
}

/// `00000`, `00001` and so on.
func fileNumber(_ number: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(5 - digits.count, 0)) + digits
}
