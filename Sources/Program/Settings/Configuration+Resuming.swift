package import SpecGANDatasets
internal import SpecGANTraining

extension Configuration {
  /// The settings that a run may change when it goes on: they do not enter what is learnt.
  private static func isChangeable(_ setting: Setting) -> Bool {
    ["paths", "recovery", "monitoring", "inversion"].contains(setting.section)
      || ["training.checkpoint_steps", "training.checkpoints_kept", "training.patience"]
        .contains(setting.name)
  }

  /// This configuration with the loss's published settings where none were chosen.
  package var resolved: Configuration {
    var resolved = self
    resolved.training = training.resolved
    return resolved
  }

  /// This configuration with the settings that `cache` was made with.
  package func with(_ cache: Cache) -> Configuration {
    var configuration = self
    configuration.audio = cache.audio
    configuration.spectrogram = cache.spectrogram
    return configuration
  }

  /// The settings in which training by `other` would be another run, each with both values.
  ///
  /// What follows from the loss is the same whether it is written or left to it.
  package func trainingDifferences(from other: Configuration) -> [String] {
    let (before, now) = (resolved, other.resolved)
    return Self.settings.compactMap { setting in
      let values = (setting.yaml(before), setting.yaml(now))
      guard values.0 != values.1, !Self.isChangeable(setting) else { return nil }
      return "\(setting.name) was \(values.0) and is now \(values.1)"
    }
  }
}
