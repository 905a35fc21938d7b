package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANModels
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

/// Settings that suit the sounds of a folder, by fixed rules. The same sounds give the same
/// settings on any machine.
package struct SuitedSettings: Equatable, Sendable {
  /// The settings, with a reason for each that was chosen.
  package private(set) var settings: ReasonedSettings
  /// The kind of the sounds.
  package let kind: Kind
  /// The number of sounds that end within a slice.
  package let fittingCount: Int
  private let survey: SoundSurvey

  /// The relation of files to slices.
  package enum Kind: String, Sendable {
    /// Each file is one sound, and gives one slice.
    case oneShots = "one-shots"
    /// Files are longer than a slice, and give examples from anywhere.
    case long
  }

  /// The sample rates, in Hz. A file of another rate is resampled to the next lower one, or to the
  /// lowest.
  package static let sampleRates = [16_000, 22_050, 32_000, 44_100, 48_000]
  /// The possible lengths of slices, in samples. At one rate, the cost of a step is proportional to
  /// them.
  package static let lengths = [16_384, 32_768, 65_536, 131_072]
  /// The number of elements of a picture above which networks are narrow.
  package static let largestArea = 65_536
  /// The share of the sounds that a slice is to hold completely.
  package static let heldShare = 0.9
  /// The number of examples below which they are augmented.
  package static let fewExamples = 500
  /// The number of sounds that a label needs, and the share of the sounds whose labels must have
  /// as many.
  package static let leastSounds = (ofLabel: 4, share: 0.9)

  /// Chooses settings for the sounds of `survey`.
  ///
  /// - Parameters:
  ///   - survey: at least one sound.
  ///   - preset: the kind of the sounds, if it is not to follow from their durations.
  /// - Throws: ``SpecGANError`` if the preset needs labels or longer sounds.
  /// - Precondition: the preset is adaptable.
  package init(for survey: SoundSurvey, as preset: Preset? = nil) throws(SpecGANError) {
    require(!survey.sounds.isEmpty, "no sounds")
    require(preset?.isAdaptable != false, "\(preset?.rawValue ?? "") is not adaptable")
    self.survey = survey
    let (rate, rateReason) = Self.sampleRate(survey, preset)
    kind = Self.kind(survey, preset, rate)
    let size = Self.sliceSize(survey, kind, rate)
    fittingCount = survey.sounds.count { $0.audibleSeconds <= size.seconds }
    settings = .small
    settings.choose(
      size, rate: rateReason, length: Self.lengthReason(survey, kind, size, fitting: fittingCount))
    if kind == .long || size.area > Self.largestArea {
      settings.chooseNarrow(
        "The cost of a step grows with the length of a slice, so fewer channels.")
    }
    reportStereo()
    try chooseExamples(size, preset)
    try chooseLabels(preset)
  }

  /// Sets the paths of the cache and the run.
  package mutating func setPaths(_ paths: PathsConfiguration) { settings.setPaths(paths) }

  /// The settings that depend on the sounds, as a list.
  package var summary: String {
    let configuration = settings.configuration
    let (audio, size) = (configuration.audio, configuration.specgan)
    let seconds = Double(audio.sliceLength) / Double(audio.sampleRate)
    let more = [
      kind == .long ? "examples from anywhere in a file" : nil,
      configuration.network.isConditional ? "labels" : nil,
      configuration.training.augmentation == .fixed ? "augmentation" : nil,
    ]
    return "\(audio.sampleRate) Hz, slices of \(seconds.decimal(3)) s, \(size.frames) frames of "
      + "\(size.bins) bins, dimension \(configuration.network.dimension)"
      + more.compactMap(\.self).map { ", " + $0 }.joined()
  }

  /// The text of a configuration file with these settings.
  package var text: String {
    settings.commented(heading: "Chosen for \(survey.description).")
  }
}

// MARK: - Rules

extension SuitedSettings {
  /// Returns the rate of most sounds, of ``sampleRates``; with equal numbers the lower one, because
  /// no sound has anything above its own rate.
  private static func sampleRate(
    _ survey: SoundSurvey, _ preset: Preset?
  ) -> (rate: Int, reason: String) {
    if preset == .speech { return (16_000, "Sufficient for speech, and the cheapest.") }
    let kept = survey.sounds.map { sound in
      sampleRates.last { $0 <= sound.sampleRate } ?? sampleRates[0]
    }
    let counts = Dictionary(grouping: kept) { $0 }.mapValues(\.count)
    let rate = sampleRates.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? sampleRates[0]
    let exact = survey.sounds.count { $0.sampleRate == rate }
    let (all, others) = (survey.sounds.count, survey.sounds.count - exact)
    if others == 0 { return (rate, all == 1 ? "The sound has it." : "All sounds have it.") }
    return (rate, "\(exact) of \(all) sounds have it; \(others) are resampled.")
  }

  private static func kind(_ survey: SoundSurvey, _ preset: Preset?, _ rate: Int) -> Kind {
    switch preset {
    case .oneShots, .drums, .speech: .oneShots
    case .long: .long
    default:
      survey.audibleSeconds(ofShare: 0.5) * Double(rate) <= Double(lengths[lengths.count - 1])
        ? .oneShots : .long
    }
  }

  /// Returns the smallest slice that holds ``heldShare`` of one-shots, or the largest.
  private static func sliceSize(
    _ survey: SoundSurvey, _ kind: Kind, _ rate: Int
  ) -> ReasonedSettings.SliceSize {
    // About the same duration of a frame at all rates.
    let step = rate < 32_000 ? 128 : 256
    let wanted = survey.audibleSeconds(ofShare: heldShare) * Double(rate)
    switch kind {
    case .oneShots:
      let length = lengths.first { Double($0) >= wanted } ?? lengths[lengths.count - 1]
      return .init(sampleRate: rate, frames: length / step, frameStep: step)
    case .long:
      return .init(
        sampleRate: rate, frames: lengths[lengths.count - 1] / (2 * step), frameStep: 2 * step)
    }
  }

  private static func lengthReason(
    _ survey: SoundSurvey, _ kind: Kind, _ size: ReasonedSettings.SliceSize, fitting: Int
  ) -> String {
    let seconds = "\(size.seconds.decimal(3)) s"
    if kind == .long { return "\(seconds), the longest slice that is offered." }
    let all = survey.sounds.count
    if fitting == all {
      return "\(seconds), in which \(all == 1 ? "the sound ends" : "all sounds end")."
    }
    let cut = all - fitting == 1 ? "the other one is cut" : "the others are cut"
    let half = size.seconds / 2
    let inHalf = survey.sounds.count { $0.audibleSeconds <= half }
    let cheaper =
      size.samples == lengths[0]
      ? "" : " Half of that costs half as much, and \(inHalf) sounds end in it."
    return "\(seconds), in which \(fitting) of \(all) sounds end; \(cut).\(cheaper)"
  }

  /// Reports how many sounds are stereo, if any, and how to keep both channels.
  private mutating func reportStereo() {
    let stereo = survey.sounds.count { $0.channels > 1 }
    guard stereo > 0 else { return }
    let all = survey.sounds.count
    settings.choose(
      "audio.channels", \.audio.channels, settings.configuration.audio.channels,
      (stereo == all
        ? all == 1 ? "The sound is stereo and is" : "All sounds are stereo and are"
        : stereo == 1
          ? "1 of \(all) sounds is stereo and is" : "\(stereo) of \(all) sounds are stereo and are")
        + " mixed down. 2 keeps both channels.")
  }

  /// Chooses the examples that files give, and whether they are augmented.
  private mutating func chooseExamples(
    _ size: ReasonedSettings.SliceSize, _ preset: Preset?
  ) throws(SpecGANError) {
    let sounds = survey.sounds
    var examples = sounds.count
    switch kind {
    case .oneShots:
      settings.chooseOneSlice(
        preset == nil
          ? "One sound in each file: half of them end within "
            + "\(survey.audibleSeconds(ofShare: 0.5).decimal(2)) s."
          : "One sound in each file, from its start.")
    case .long:
      let longest = sounds.map(\.seconds).max() ?? 0
      guard longest > size.seconds else { throw .noLongSounds(slice: size.seconds.decimal(3)) }
      examples = sounds.reduce(0) { $0 + Int(($1.seconds / size.seconds).rounded(.up)) }
      let longer = sounds.count { $0.seconds > size.seconds }
      settings.chooseCrops(
        "Examples from anywhere in a file: \(longer) of \(sounds.count) are longer than a slice. If "
          + "each file is one sound that should begin a slice, add --preset one-shots.")
    }
    guard examples < Self.fewExamples else { return }
    let found = counted(examples, kind == .oneShots ? "sound" : "slice")
    settings.chooseAugmentation(
      "Only \(found): examples that change keep the critic from recognizing each of them.")
  }

  private mutating func chooseLabels(_ preset: Preset?) throws(SpecGANError) {
    let counts = survey.labelCounts
    if let obstacle = obstacleToLabels(counts) {
      if preset == .drums { throw .noLabels(reason: obstacle) }
      if !counts.isEmpty {
        settings.choose(
          "network.conditional", \.network.isConditional, false,
          "The folders are not labels, because \(obstacle).")
      }
      return
    }
    let small = counts.filter { $0.value < Self.leastSounds.ofLabel }.keys.sorted()
    settings.chooseLabels(
      "The folders are \(counts.count) labels, such as \(largestLabel(counts))."
        + (small.isEmpty
          ? ""
          : " Labels with fewer than \(Self.leastSounds.ofLabel) sounds, whose clips will be alike: "
            + "\(small.joined(separator: ", ")).")
    )
  }

  /// Returns the reason why the folders are no labels, as a clause; nil if they are.
  private func obstacleToLabels(_ counts: [String: Int]) -> String? {
    let least = Self.leastSounds
    if counts.isEmpty { return "no sound is in a folder" }
    if survey.unlabelledCount > 0 {
      return "\(counted(survey.unlabelledCount, "sound")) outside them would have none"
    }
    if counts.count == 1 { return "there is only one" }
    let sufficient = counts.values.filter { $0 >= least.ofLabel }
    let share = Double(sufficient.reduce(0, +)) / Double(survey.sounds.count)
    guard sufficient.count > 1, share >= least.share else {
      return "\(counts.count - sufficient.count) of \(counts.count) have fewer than "
        + "\(least.ofLabel) sounds"
    }
    return nil
  }

  private func largestLabel(_ counts: [String: Int]) -> String {
    counts.min { ($1.value, $0.key) < ($0.value, $1.key) }?.key ?? ""
  }
}

// MARK: - Sentences

extension SoundSurvey: CustomStringConvertible {
  /// The number of the sounds, their durations, rates and labels, as a noun phrase.
  package var description: String {
    let lengths = sounds.map(\.audibleSeconds)
    let (shortest, longest) = ((lengths.min() ?? 0).decimal(2), (lengths.max() ?? 0).decimal(2))
    let durations = shortest == longest ? "\(longest) s" : "\(shortest) to \(longest) s"
    let rates = Set(sounds.map(\.sampleRate)).sorted().map(String.init).joined(separator: ", ")
    let labels = labelCounts.count
    return "\(counted(sounds.count, "sound")) of \(durations) at \(rates) Hz"
      + (labels == 0 ? "" : " in \(counted(labels, "folder"))")
  }
}

/// Returns `1 sound` or `2 sounds`.
private func counted(_ number: Int, _ noun: String) -> String {
  "\(number) \(noun)\(number == 1 ? "" : "s")"
}
