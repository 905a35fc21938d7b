import ArgumentParser
import SpecGANDatasets
import SpecGANErrors
import SpecGANRuns
import Waveforms

/// The writing of a cache with progress, as `preprocess` and `train --sounds` do it.
struct CacheWriter {
  let preprocessor: Preprocessor
  /// Whether a cache may be replaced even if runs were trained on it.
  var replacesCachesOfRuns = false
  let messages: Messages
  let interruption: Interruption

  /// Writes the cache; an interruption ends the command.
  func run() throws -> PreprocessingSummary {
    try interruption.ending(messages) {
      var line = ProgressLine(messages)
      defer { line.close() }
      return try preprocessor.run(
        progress: { progress in
          line.show(
            DoneReport(task: progress.phase.word, done: progress.done, total: progress.total))
        }, isInterrupted: { interruption.isRequested },
        allowReplacing: { path, fingerprint throws(SpecGANError) in
          if replacesCachesOfRuns { return }
          try RunFolder.checkUnused(cache: path, fingerprint: fingerprint)
        })
    }
  }
}

extension Interruption {
  /// Calls `body`. If an interruption stopped it, that is announced to `messages`, and the command
  /// ends.
  func ending<Result>(_ messages: Messages, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SpecGANError {
      guard error.kind == .interrupted else { throw error }
      messages.announce("Interrupted; nothing was changed.")
      throw ExitCode(status.rawValue)
    }
  }
}

extension Messages {
  /// Reports the result of preprocessing `inputs`, with or without the intact parts of damaged
  /// files.
  func report(_ summary: PreprocessingSummary, of inputs: [String], allowingDamage: Bool = false) {
    warn(skipped: summary.skippedFiles, in: inputs)
    for source in summary.beyondFullScale {
      let found = source.samples == 1 ? "1 sample" : "\(source.samples) samples"
      warn("loud \(source.path): \(found) beyond ±1, used unchanged.", word: "")
    }
    for source in summary.remarks {
      warn(remarks: [source.remark], on: source.path)
    }
    if summary.skippedDamagedCount > 0 && !allowingDamage {
      let count = summary.skippedDamagedCount
      warn(
        count == 1
          ? "1 damaged file was skipped; --allow-damaged uses its intact parts."
          : "\(count) damaged files were skipped; --allow-damaged uses their intact parts.",
        word: "")
    }
    for warning in summary.warnings { warn(warning) }
    for pattern in summary.idlePatterns {
      warn("--exclude '\(pattern)' matches nothing.")
    }
    let labels =
      summary.labels.isEmpty ? "no labels" : counted(summary.labels.count, "label")
    let excluded = summary.excludedCount == 0 ? "" : ", \(summary.excludedCount) excluded"
    announce(
      """
      \(summary.output): \(counted(summary.sliceCount, "slice")) of \
      \(counted(summary.usedCount, "clip")) \
      (\(summary.secondsOfAudio.duration) of audio, \(labels)), \
      \(counted(summary.skippedFiles.count, "file")) skipped\(excluded); \
      \(counted(summary.decodedCount, "file")) decoded, \(summary.reusedCount) reused. A slice has \
      \(summary.audio.sliceText).
      """)
  }
}

/// Returns `1 file` or `2 files`.
func counted(_ number: Int, _ noun: String) -> String {
  "\(number) \(noun)\(number == 1 ? "" : "s")"
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
