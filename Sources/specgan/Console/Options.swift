public import ArgumentParser
import Training
public import Waveforms
import Workers

extension SampleFormat: ExpressibleByArgument {}

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
