public import ArgumentParser
import Scores
internal import SpecGANErrors
import SpecGANSettings
import SpecGANWorkers
public import Spectra
public import Waveforms

extension SampleFormat: ExpressibleByArgument {}
extension InversionMethod: ExpressibleByArgument {}
extension Messages.Form: ExpressibleByArgument {}

/// Does what `check` does; a setting that it refuses is named by its option.
func checkOptions(_ check: () throws(SpecGANError) -> Void) throws {
  do throws(SpecGANError) { try check() } catch {
    guard error.code == .setting, let name = error.key, let found = error.found,
      let allowed = error.allowed
    else { throw error }
    throw ValidationError("--\(name.replacing(" ", with: "-")) is \(found); use \(allowed).")
  }
}

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

/// `--quiet` and `--progress`.
struct ProgressOptions: ParsableArguments {
  @Flag(help: "Say nothing but warnings and errors.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "How progress is told on standard error: a line for people, or JSON objects.",
      valueName: "form"))
  var progress = Messages.Form.line

  var messages: Messages { Messages(progress, isQuiet: quiet) }
}

/// A command that takes long and says how far it is.
protocol LongCommand: ParsableCommand {
  var progress: ProgressOptions { get }
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
    try configuration.set(settings, from: "--set")
  }
}

/// `--method` and `--iterations`.
struct InversionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      How spectrograms become sounds: best and fast are phase gradients, then ADMM, then fast \
      Griffin-Lim, in 200 and in 16 iterations; the others are their parts, and what the published code \
      does, to compare with. (default: the configuration's, \
      \(InversionConfiguration().method.rawValue) unless set)
      """,
      valueName: "method"))
  var method: InversionMethod?

  @Option(
    help: ArgumentHelp(
      """
      Projections of it, each an inverse and a transform. (default: the configuration's, or as many as \
      suit the method where that is unset or --method is given)
      """,
      valueName: "iterations"))
  var iterations: Int?

  func validate() throws {
    try checkIterations(of: method ?? InversionConfiguration().method)
  }

  /// Refuses a count asked for that `method` cannot make.
  private func checkIterations(of method: InversionMethod) throws {
    guard let iterations, !method.iterationCounts.contains(iterations) else { return }
    throw ValidationError(
      method == .pghi
        ? "--iterations is \(iterations) and pghi makes none; leave it out, or use --method fast."
        : "--iterations is \(iterations); use a whole number from 0 to "
          + "\(method.iterationCounts.upperBound).")
  }

  /// A count in the configuration goes with the method there, not with another one asked for here;
  /// a count asked for here must go with either.
  func applied(to configuration: InversionConfiguration) throws -> InversionConfiguration {
    var configuration = configuration
    if let method { (configuration.method, configuration.iterations) = (method, nil) }
    configuration.iterations = iterations ?? configuration.iterations
    try checkIterations(of: configuration.method)
    return configuration
  }
}
