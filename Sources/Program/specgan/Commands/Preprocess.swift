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
    let summary = try summary(of: preprocessor, interruption)
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

  private func summary(
    of preprocessor: Preprocessor, _ interruption: Interruption
  ) throws -> PreprocessingSummary {
    var line = ProgressLine(progress.messages)
    do {
      let summary = try preprocessor.run(
        progress: { progress in
          line.show(
            DoneReport(task: progress.phase.word, done: progress.done, total: progress.total))
        }, isInterrupted: { interruption.isRequested },
        allowReplacing: { path, fingerprint throws(SpecGANError) in
          if !replace { try RunFolder.checkUnused(cache: path, fingerprint: fingerprint) }
        })
      line.close()
      return summary
    } catch {
      guard error.kind == .interrupted else { throw error }
      line.close()
      progress.messages.announce("Interrupted; nothing was changed.")
      throw ExitCode(interruption.status.rawValue)
    }
  }

  private func report(_ summary: PreprocessingSummary) {
    let messages = progress.messages
    messages.warn(skipped: summary.skippedFiles, in: input)
    for source in summary.beyondFullScale {
      let found = source.samples == 1 ? "1 sample" : "\(source.samples) samples"
      messages.warn("loud \(source.path): \(found) beyond ±1, used unchanged.", word: "")
    }
    for source in summary.remarks {
      messages.warn(remarks: [source.remark], on: source.path)
    }
    if summary.skippedDamagedCount > 0 && !allowDamaged {
      let count = summary.skippedDamagedCount
      messages.warn(
        count == 1
          ? "1 damaged file was skipped; --allow-damaged uses its intact parts."
          : "\(count) damaged files were skipped; --allow-damaged uses their intact parts.",
        word: "")
    }
    for warning in summary.warnings { messages.warn(warning) }
    for pattern in summary.idlePatterns {
      messages.warn("--exclude '\(pattern)' matches nothing.")
    }
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    let labels = summary.labels.isEmpty ? "no labels" : count(summary.labels.count, "label")
    let excluded = summary.excludedCount == 0 ? "" : ", \(summary.excludedCount) excluded"
    messages.announce(
      """
      \(summary.output): \(count(summary.sliceCount, "slice")) of \(count(summary.usedCount, "clip")) \
      (\(summary.secondsOfAudio.duration) of audio, \(labels)), \
      \(count(summary.skippedFiles.count, "file")) skipped\(excluded); \
      \(count(summary.decodedCount, "file")) decoded, \(summary.reusedCount) reused. A slice has \
      \(summary.audio.sliceText).
      """)
  }
}

extension AudioConfiguration {
  /// The form of a slice as `16384 samples (1.024 s) at 16000 Hz in 1 channel`.
  var sliceText: String {
    let seconds = (Double(sliceLength) / Double(sampleRate)).rounded(to: 3)
    return "\(sliceLength) samples (\(seconds) s) at \(sampleRate) Hz in "
      + (channels == 1 ? "1 channel" : "\(channels) channels")
  }
}

extension PreprocessingProgress.Phase {
  fileprivate var word: String {
    switch self {
    case .comparing: "comparing"
    case .verifying: "verifying"
    case .decoding: "decoding"
    case .transforming: "transforming"
    }
  }
}
