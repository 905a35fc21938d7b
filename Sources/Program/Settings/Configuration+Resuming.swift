package import SpecGANDatasets
internal import SpecGANModels
internal import SpecGANTraining
internal import Spectra

extension Configuration {
  /// Returns whether a run may change `setting` when it resumes: training does not depend on it, or
  /// it is the plan, whose change is reported.
  private static func isChangeable(_ setting: Setting) -> Bool {
    ["paths", "recovery", "monitoring", "inversion"].contains(setting.section)
      || [
        "audio.longest_seconds", "spectrogram.subtract_floor", "spectrogram.headroom",
        "training.checkpoint_steps", "training.checkpoints_kept", "training.patience",
        "training.planned_steps",
      ].contains(setting.name)
  }

  /// Returns whether weights of networks with another value of `setting` do not fit those of
  /// `model`.
  private static func isOfNetwork(_ setting: Setting, _ model: ModelKind) -> Bool {
    let exceptions = [
      "network.phase_shuffle_per", "network.initial_weights", "wavegan.real_noise",
    ]
    return ["model", "audio.slice_length", "audio.channels"].contains(setting.name)
      || ["network", model.rawValue].contains(setting.section)
        && !exceptions.contains(setting.name) && !setting.name.hasSuffix(".phase_shuffle")
  }

  /// Returns whether examples with another value of `setting` have another meaning for `model`.
  private static func isOfExamples(_ setting: Setting, _ model: ModelKind) -> Bool {
    setting.name == "audio.sample_rate"
      || setting.section == "spectrogram" && model.samplesAreSpectrograms
        && !isChangeable(setting)
  }

  /// This configuration with the paper's settings of the loss in place of automatic ones, and
  /// without settings that have no effect.
  package var resolved: Configuration {
    var resolved = self
    resolved.training = training.resolved
    resolved.spectrogram = spectrogram.withoutIdleSettings
    return resolved
  }

  /// Returns this configuration with the settings that `cache` was computed with.
  package func with(_ cache: Cache) -> Configuration {
    var configuration = self
    configuration.audio = cache.audio
    configuration.spectrogram = cache.spectrogram
    configuration.spectrogram.subtractsFloor = spectrogram.subtractsFloor
    configuration.spectrogram.headroom = spectrogram.headroom
    return configuration
  }

  /// Returns the settings in which training by `other` differs, each with both values.
  ///
  /// An automatic setting equals its explicit value.
  package func trainingDifferences(from other: Configuration) -> [String] {
    differences(from: other) { !Self.isChangeable($0) }
  }

  /// Returns the settings by which the networks of `other` differ, each with both values.
  package func networkDifferences(from other: Configuration) -> [String] {
    differences(from: other) { Self.isOfNetwork($0, other.model) }
  }

  /// Returns the settings by which the examples of `other` mean something else for the same
  /// networks, each with both values.
  package func exampleDifferences(from other: Configuration) -> [String] {
    differences(from: other) { Self.isOfExamples($0, other.model) }
  }

  private func differences(
    from other: Configuration, in isWanted: (Setting) -> Bool
  ) -> [String] {
    let (before, now) = (resolved, other.resolved)
    return Self.settings.compactMap { setting in
      let values = (setting.yaml(before), setting.yaml(now))
      guard values.0 != values.1, isWanted(setting) else { return nil }
      return "\(setting.name) was \(values.0) and is now \(values.1)"
    }
  }
}
