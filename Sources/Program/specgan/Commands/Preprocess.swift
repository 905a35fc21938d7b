import ArgumentParser
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANModels
import SpecGANRuns
import SpecGANSettings
import SpecGANWorkers
import Waveforms

struct Preprocess: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decode, slice and transform audio into a cache for training.",
    discussion: """
      Reads WAV, FLAC, Ogg, MP3, AIFF, CAF, AU and NIST SPHERE of any sample rate and any number \
      of channels. The first folder below each input is the label. An unusable file is reported \
      with the reason and skipped; files that are not audio are only counted. If the output is \
      already a cache, only new and changed files are decoded; the result is the same. A cache that \
      runs were trained on is not replaced by another one, unless with --replace: they could not \
      resume.

      Example: specgan preprocess sounds --output cache --config specgan.yaml
      """)

  @Argument(help: "Folders, searched recursively, or single files.")
  var input: [String]

  @Option(help: "The cache to write. (default: paths.cache of the configuration)")
  var output: String?

  @Option(
    help: """
      The configuration. Its sections audio and spectrogram are used, and they must suit its model.
      """)
  var config: String?

  @Option(
    help: ArgumentHelp(
      """
      Leave out files and folders whose name matches, such as '*.asd', or whose path below INPUT \
      does, such as 'loops/*'. May be repeated.
      """, valueName: "pattern"))
  var exclude: [String] = []

  @Flag(help: "Exit with status 65 if an audio file is skipped or used with a remark.")
  var strict = false

  @Flag(help: "Replace a cache even if runs were trained on it; they cannot resume then.")
  var replace = false

  @Flag(help: "Use the intact parts of damaged files instead of skipping them.")
  var allowDamaged = false

  @OptionGroup var settings: SettingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func validate() throws {
    if exclude.contains("") {
      throw ValidationError("--exclude is empty; give a pattern such as '*.asd'.")
    }
  }

  func run() throws {
    var configuration = try config.map { try Configuration(path: $0) } ?? Configuration()
    let own = try config.flatMap { try RunFolder.holding(configuration: $0) }
    if let own {
      configuration.paths.cache = try RunFolder(path: own).cachePath(of: configuration.paths)
    }
    try settings.apply(to: &configuration)
    try check(configuration)
    let interruption = Interruption(progress.messages)
    let preprocessor = try Preprocessor(
      inputs: input, output: output ?? configuration.paths.cache, audio: configuration.audio,
      spectrogram: configuration.spectrogram, excluding: exclude,
      longestDuration: configuration.longestSeconds, allowsDamage: allowDamaged,
      workers: Workers(count: threads.threads))
    let summary = try CacheWriter(
      preprocessor: preprocessor, replacesCachesOfRuns: replace, messages: progress.messages,
      interruption: interruption
    ).run()
    if results.json { try Console.json(summary) } else { report(summary) }
    let hasRemarks = !summary.remarks.isEmpty
    if strict && (hasRemarks || summary.skippedFiles.contains(where: \.isOfSound)) {
      throw ExitCode(ExitStatus.badData.rawValue)
    }
  }

  /// Refuses a configuration whose model could not be trained from the cache, before any work.
  ///
  /// Without a configuration file no model was chosen, and a classifier needs none.
  private func check(_ configuration: Configuration) throws(SpecGANError) {
    do throws(SpecGANError) {
      try configuration.validatedForTraining(at: .caller(config ?? "--set"))
    } catch {
      if config != nil { throw error }
      progress.messages.warn(
        "\(configuration.model.name) cannot be trained from this cache: \(error)")
    }
  }

  private func report(_ summary: PreprocessingSummary) {
    progress.messages.report(summary, of: input, allowingDamage: allowDamaged)
    if config == nil {
      progress.messages.announce(
        "The settings are the paper's. To choose settings for these sounds: specgan init "
          + "specgan.yaml --for \(input[0].pathInShell)")
    }
  }
}
