package import SpecGANDatasets
internal import SpecGANTraining

extension Configuration {
  /// Returns whether a run may change `setting` when it resumes, because training does not depend
  /// on it.
  private static func isChangeable(_ setting: Setting) -> Bool {
    ["paths", "recovery", "monitoring", "inversion"].contains(setting.section)
      || ["training.checkpoint_steps", "training.checkpoints_kept", "training.patience"]
        .contains(setting.name)
  }

  /// This configuration with the paper's settings of the loss in place of automatic ones.
  package var resolved: Configuration {
    var resolved = self
    resolved.training = training.resolved
    return resolved
  }

  /// Returns this configuration with the settings of `cache`.
  package func with(_ cache: Cache) -> Configuration {
    var configuration = self
    configuration.audio = cache.audio
    configuration.spectrogram = cache.spectrogram
    return configuration
  }

  /// Returns the settings in which training by `other` differs, each with both values.
  ///
  /// An automatic setting equals its explicit value.
  package func trainingDifferences(from other: Configuration) -> [String] {
    let (before, now) = (resolved, other.resolved)
    return Self.settings.compactMap { setting in
      let values = (setting.yaml(before), setting.yaml(now))
      guard values.0 != values.1, !Self.isChangeable(setting) else { return nil }
      return "\(setting.name) was \(values.0) and is now \(values.1)"
    }
  }
}
