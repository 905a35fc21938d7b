package import SpecGANDatasets
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

  /// This configuration with the paper's settings of the loss in place of automatic ones.
  package var resolved: Configuration {
    var resolved = self
    resolved.training = training.resolved
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
    let (before, now) = (resolved, other.resolved)
    return Self.settings.compactMap { setting in
      let values = (setting.yaml(before), setting.yaml(now))
      guard values.0 != values.1, !Self.isChangeable(setting) else { return nil }
      return "\(setting.name) was \(values.0) and is now \(values.1)"
    }
  }
}
