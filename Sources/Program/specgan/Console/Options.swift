public import ArgumentParser
import Scores
public import SpecGANClassification
internal import SpecGANErrors
import SpecGANFiles
import SpecGANSettings
import SpecGANWorkers
public import Spectra
public import Waveforms

extension FeatureSet: ExpressibleByArgument {}
extension OutputLevel: ExpressibleByArgument {}
extension SampleFormat: ExpressibleByArgument {}
extension InversionMethod: ExpressibleByArgument {}
extension Messages.Form: ExpressibleByArgument {}

/// Calls `check`, and names a refused setting by its option.
func checkOptions(_ check: () throws(SpecGANError) -> Void) throws {
  do throws(SpecGANError) { try check() } catch {
    guard error.code == .setting, let name = error.key, let found = error.found,
      let allowed = error.allowed
    else { throw error }
    throw ValidationError("--\(name.replacing(" ", with: "-")) is \(found); use \(allowed).")
  }
}

/// Refuses a page to write at `path`, the value of `option`, without the extension of a page: with
/// `--replace` a mistyped path could overwrite audio.
func checkIsPage(_ path: String, option: String) throws {
  if path.isEmpty { throw ValidationError("--\(option) is empty; give the path of a file.") }
  guard ["html", "htm"].contains(path.fileExtension) else {
    throw ValidationError(
      "--\(option) is \(path); give the path of a page, which ends in .html or .htm.")
  }
}

/// `--threads`.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: .customLong("threads"),
    help: ArgumentHelp(
      "Number of threads. (default: one per CPU core that may be used)", valueName: "threads"))
  var count: Int?

  var threads: Int { count ?? Workers.processorCount }

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads is \(threads); use a whole number from 1 to 1024.")
    }
  }
}

/// `--replace` of a command that fills a folder.
struct ReplaceOptions: ParsableArguments {
  @Flag(
    help: """
      Replace earlier output. In a folder, remove the files that its manifest.jsonl lists for this \
      command and that have not changed; keep all others. A folder with files but no manifest.jsonl \
      is refused.
      """)
  var replace = false
}

/// `--replace` of a command that writes single files.
struct ReplaceFileOptions: ParsableArguments {
  @Flag(help: "Replace the output if it exists.")
  var replace = false
}

/// `--json`.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print only one JSON object, on one line of standard output.")
  var json = false
}

/// `--quiet` and `--progress`.
struct ProgressOptions: ParsableArguments {
  @Flag(help: "Print only warnings and errors.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "Progress on standard error: a line of text, or JSON objects.",
      valueName: "form"))
  var progress = Messages.Form.line

  var messages: Messages { Messages(progress, isQuiet: quiet) }
}

/// A command that takes long and shows its progress.
protocol LongCommand: ParsableCommand {
  var progress: ProgressOptions { get }
}

/// `--set`.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override a key of the configuration, such as network.dimension=16.",
      valueName: "key=value"))
  var settings: [String] = []

  func apply(to configuration: inout Configuration) throws {
    try configuration.set(settings, from: "--set")
  }

  /// Returns whether an option sets `name`.
  func names(_ name: String) -> Bool {
    settings.contains { Configuration.currentName(of: String($0.prefix { $0 != "=" })) == name }
  }
}

/// `--method` and `--iterations`.
struct InversionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Phase reconstruction. best and fast combine phase gradients (PGHI), ADMM and fast \
      Griffin-Lim, with 200 and 16 projections. reference is the algorithm of the paper's code, \
      for comparison. (default: inversion.method of the configuration, \
      \(InversionConfiguration().method.rawValue) unless set)
      """,
      valueName: "method"))
  var method: InversionMethod?

  @Option(
    help: ArgumentHelp(
      """
      Number of projections. (default: inversion.iterations of the configuration; the method's own \
      if that is auto or --method is given)
      """,
      valueName: "iterations"))
  var iterations: Int?

  func validate() throws {
    try checkIterations(of: method ?? InversionConfiguration().method)
  }

  /// Refuses a number of iterations that `method` does not support.
  private func checkIterations(of method: InversionMethod) throws {
    guard let iterations, !method.iterationCounts.contains(iterations) else { return }
    throw ValidationError(
      method == .pghi
        ? "--iterations is \(iterations), but pghi has no iterations; leave it out, or use --method fast."
        : "--iterations is \(iterations); use a whole number from 0 to "
          + "\(method.iterationCounts.upperBound).")
  }

  /// Returns `configuration` with these options. The configuration's count applies to its own
  /// method only; the count of `--iterations` must suit whichever method is used.
  func applied(to configuration: InversionConfiguration) throws -> InversionConfiguration {
    var configuration = configuration
    if let method { (configuration.method, configuration.iterations) = (method, nil) }
    configuration.iterations = iterations ?? configuration.iterations
    try checkIterations(of: configuration.method)
    return configuration
  }
}
