import ArgumentParser
import SpecGANBenchmarks
import SpecGANDatasets
internal import SpecGANErrors
public import SpecGANSettings
import SpecGANWorkers

extension Preset: ExpressibleByArgument {}

/// A folder of sounds, and the settings that suit them, as `init --for` and `train --sounds` read
/// it.
struct SoundFolder {
  let survey: SoundSurvey
  let suited: SuitedSettings
  private let path: String

  /// Reads the sounds below `path` to their ends, and chooses settings.
  ///
  /// - Parameters:
  ///   - path: a folder, searched recursively.
  ///   - preset: the kind of the sounds; nil to choose it by their durations.
  ///   - threads: the number of threads.
  ///   - messages: receives progress.
  ///   - isInterrupted: returns true to stop.
  /// - Throws: an error if no sound can be used, or the preset needs others.
  init(
    _ path: String, as preset: Preset? = nil, threads: Int, messages: Messages,
    isInterrupted: () -> Bool = { false }
  ) throws {
    self.path = path
    var line = ProgressLine(messages)
    defer { line.close() }
    survey = try SoundSurvey(
      of: path, longestDuration: Configuration().longestSeconds, workers: Workers(count: threads),
      progress: { done, total in
        line.show(DoneReport(task: "listening", done: done, total: total))
      }, isInterrupted: isInterrupted)
    suited = try SuitedSettings(for: survey, as: preset)
  }

  /// Warns of files that are skipped or silent.
  func warn(to messages: Messages) {
    messages.warn(skipped: survey.skippedFiles, in: [path])
    let silent = survey.silent.count
    if silent > 0 {
      messages.warn(
        "\(counted(silent, "file")) silent: \(survey.silent[0])\(silent > 1 ? " and others" : "").",
        word: "")
    }
  }

  /// Reports the sounds and the settings that follow from them.
  func announce(to messages: Messages) {
    messages.announce("\(path): \(survey.description).")
    messages.announce("Settings: \(suited.summary).")
    if survey.sounds.count == 1, suited.kind == .oneShots {
      messages.warn("A network can only learn to repeat a single sound.")
    }
  }
}

/// The keys of `init --for --json`.
struct SoundFolderReport: Encodable {
  private let path: String
  private let survey: SoundSurvey
  private let suited: SuitedSettings

  init(_ path: String, _ folder: SoundFolder) {
    (self.path, survey, suited) = (path, folder.survey, folder.suited)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let sounds = survey.sounds
    try container.encode(path, forKey: .sounds)
    try container.encode(sounds.count, forKey: .used)
    try container.encode(survey.skippedFiles, forKey: .skipped)
    try container.encode(survey.silent, forKey: .silent)
    try container.encode(numbers(of: sounds.map(\.sampleRate)), forKey: .sampleRates)
    try container.encode(numbers(of: sounds.map(\.channels)), forKey: .channels)
    try container.encode(survey.labelCounts, forKey: .labels)
    try container.encode(survey.unlabelledCount, forKey: .unlabelled)
    try container.encode(
      [0.5, 0.9, 1].map { survey.audibleSeconds(ofShare: $0) }, forKey: .audibleSeconds)
    try container.encode(suited.kind.rawValue, forKey: .kind)
    try container.encode(suited.fittingCount, forKey: .fitting)
    try container.encode(suited.settings.reasons, forKey: .reasons)
  }

  /// Returns how often each value occurs.
  private func numbers(of values: [Int]) -> [String: Int] {
    Dictionary(grouping: values) { String($0) }.mapValues(\.count)
  }

  private enum CodingKeys: String, CodingKey {
    case sounds, used, skipped, silent, channels, labels, unlabelled, kind, fitting, reasons
    case sampleRates = "sample_rates"
    case audibleSeconds = "audible_seconds"
  }
}
