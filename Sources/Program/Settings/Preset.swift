internal import SpecGANModels
internal import SpecGANTraining
internal import Spectra
internal import Waveforms

/// A set of settings for one kind of sounds, or for one purpose.
package enum Preset: String, CaseIterable, Sendable {
  /// The paper's settings.
  case published
  /// Clips of one second at 16 kHz, for a few CPU cores.
  case small
  /// Short sounds, one in each file.
  case oneShots = "one-shots"
  /// Short sounds, whose folders are their classes.
  case drums
  /// Sounds of several seconds, and recordings of any length.
  case long
  /// Spoken words, whose folders are the words.
  case speech

  /// The kind of sounds, or the purpose, in one line.
  package var summary: String {
    switch self {
    case .published: "the paper's settings, which take days on a GPU"
    case .small: "clips of 1 s at 16 kHz, for a few CPU cores"
    case .oneShots: "short sounds at 44.1 kHz, one in each file"
    case .drums: "as one-shots, with the folders as classes"
    case .long: "clips of 3 s at 44.1 kHz, from anywhere in longer files"
    case .speech: "words of 1 s at 16 kHz, with the folders as words"
    }
  }

  /// The settings, with the reason for each that is not at its default.
  package var settings: ReasonedSettings {
    switch self {
    case .published: ReasonedSettings()
    case .small: .small
    case .oneShots: .oneShots
    case .drums: .drums
    case .long: .long
    case .speech: .speech
    }
  }

  /// The settings.
  package var configuration: Configuration { settings.configuration }

  /// The preset as the text of a configuration file.
  ///
  /// The files of ``published`` and ``small`` have no reasons, as before the other presets existed.
  package var text: String {
    switch self {
    case .published, .small: configuration.commented
    case .oneShots, .drums, .long, .speech:
      settings.commented(heading: "Preset \(rawValue): \(summary).")
    }
  }

  /// Whether the rate, the length of slices and others can follow from a folder of sounds; see
  /// ``SuitedSettings``.
  package var isAdaptable: Bool {
    switch self {
    case .published, .small: false
    case .oneShots, .drums, .long, .speech: true
    }
  }
}

extension Configuration {
  /// The settings of ``Preset/small``.
  package static var small: Configuration { Preset.small.configuration }
}

extension ReasonedSettings {
  fileprivate static var oneShots: ReasonedSettings {
    var settings = small
    settings.choose(
      SliceSize(sampleRate: 44_100, frames: 128, frameStep: 256),
      rate: "That of most sample libraries; at 16 kHz drums and effects lose all above 8 kHz.",
      length:
        "128 frames of 256 samples, 0.743 s. Longer sounds are cut: double specgan.frames and "
        + "this for 1.486 s, which doubles the cost of a step.")
    settings.chooseOneSlice("Each file is one sound, from its start.")
    settings.chooseAugmentation("For few sounds, say 50 to 500. Choose none for thousands.")
    return settings
  }

  fileprivate static var drums: ReasonedSettings {
    var settings = oneShots
    settings.chooseLabels(
      "The folders are classes, such as kick and snare: specgan generate run --label kick.")
    return settings
  }

  fileprivate static var long: ReasonedSettings {
    var settings = small
    settings.choose(
      SliceSize(sampleRate: 44_100, frames: 256, frameStep: 512),
      rate: "That of most sample libraries. Half of it doubles the duration of a slice at the same "
        + "cost.",
      length: "256 frames of 512 samples, 2.972 s.")
    settings.chooseNarrow("A step has four times the samples of a one-shot, so fewer channels.")
    settings.chooseCrops(
      "Examples from anywhere in a file are more varied than consecutive slices. Sounds that are "
        + "shorter than a slice are padded.")
    return settings
  }

  fileprivate static var speech: ReasonedSettings {
    var settings = small
    settings.chooseOneSlice("Each file is one word, of up to 1.024 s.")
    settings.chooseLabels(
      "The folders are words. Of all settings that were tried on spoken digits, this one helped "
        + "most.")
    return settings
  }
}

// MARK: - Single settings

extension ReasonedSettings {
  mutating func chooseOneSlice(_ reason: String) {
    choose("audio.first_slice_only", \.audio.firstSliceOnly, true, reason)
  }

  mutating func chooseCrops(_ reason: String) {
    choose("training.random_crops", \.training.randomCrops, true, reason)
  }

  mutating func chooseLabels(_ reason: String) {
    choose("network.conditional", \.network.isConditional, true, reason)
    choose(
      "training.learning_rate", \.training.learningRate, 4e-4,
      "With labels, 4.0e-4 gave a lower Fréchet distance than 8.0e-4 on spoken digits and on drums."
    )
  }

  mutating func chooseAugmentation(_ reason: String) {
    choose("training.augmentation", \.training.augmentation, .fixed, reason)
  }

  mutating func chooseNarrow(_ reason: String) {
    choose("network.dimension", \.network.dimension, 8, reason)
  }
}
