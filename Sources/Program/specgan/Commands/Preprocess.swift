import ArgumentParser
import SpecGANDatasets
internal import SpecGANErrors
import SpecGANSettings
import SpecGANWorkers

struct Preprocess: LongCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decode, slice and transform audio into a cache for training.",
    discussion: """
      Reads WAV, FLAC, Ogg, MP3, AIFF, CAF, AU and NIST SPHERE of any sample rate and any number \
      of channels. The first folder below each input is the label. An unusable file is reported \
      with the reason and skipped. If the output is already a cache, only new and changed files are decoded; the \
      result is the same.

      Example: specgan preprocess sounds --output cache --config specgan.yaml
      """)

  @Argument(help: "Folders, searched recursively, or single files.")
  var input: [String]

  @Option(help: "The cache to write. (default: paths.cache of the configuration)")
  var output: String?

  @Option(help: "The configuration. Its sections audio and spectrogram are used.")
  var config: String?

  @Flag(help: "Exit with status 65 if any file is skipped, or used with a remark.")
  var strict = false

  @Flag(help: "Use what is intact in damaged files, in place of skipping them.")
  var allowDamaged = false

  @OptionGroup var settings: SettingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var progress: ProgressOptions
  @OptionGroup var results: OutputOptions

  func run() throws {
    var configuration = try config.map { try Configuration(path: $0) } ?? Configuration()
    try settings.apply(to: &configuration)
    let interruption = Interruption(progress.messages)
    let preprocessor = try Preprocessor(
      inputs: input, output: output ?? configuration.paths.cache, audio: configuration.audio,
      spectrogram: configuration.spectrogram, allowsDamage: allowDamaged,
      workers: Workers(count: threads.threads))
    let summary = try summary(of: preprocessor, interruption)
    if results.json { try Console.json(summary) } else { report(summary) }
    if strict && !(summary.skippedFiles.isEmpty && summary.remarks.isEmpty) {
      throw ExitCode(ExitStatus.badData.rawValue)
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
        }, isInterrupted: { interruption.isRequested })
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
    for skipped in summary.skippedFiles {
      messages.warn("skipped \(skipped.path): \(skipped.reason)", word: "")
    }
    for source in summary.beyondFullScale {
      let found = source.samples == 1 ? "1 sample" : "\(source.samples) samples"
      messages.warn("loud \(source.path): \(found) beyond ±1, used unchanged.", word: "")
    }
    for source in summary.remarks {
      messages.warn("remark \(source.path): \(source.remark).", word: "")
    }
    if summary.skippedDamagedCount > 0 && !allowDamaged {
      let count = summary.skippedDamagedCount
      let files = count == 1 ? "1 file" : "\(count) files"
      messages.warn(
        "\(files) skipped for damage; --allow-damaged uses what is intact in them.", word: "")
    }
    let labels = summary.labels.isEmpty ? "no labels" : "\(summary.labels.count) labels"
    messages.announce(
      """
      \(summary.output): \(summary.sliceCount) slices of \(summary.usedCount) clips \
      (\(summary.secondsOfAudio.duration) of audio, \(labels)), \(summary.skippedFiles.count) files skipped; \
      \(summary.decodedCount) files decoded, \(summary.reusedCount) reused.
      """)
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
