package import SpecGANErrors
internal import Spectra
package import Waveforms

extension SpecGANError {
  /// Sounds have nothing at the highest band of a log-mel spectrogram.
  package static func rateTooLow(path: String, found: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.rateTooLow",
      """
      \(path) has sounds of \(found) Hz, and scores are taken of sounds of \
      \(MelSpectrogram.leastSampleRate) Hz or more
      """,
      advice: "preprocess them with audio.sample_rate 16000.", path: path, found: "\(found)")
  }

  /// Sounds are of another rate, or of slices of another length, than those of `authority`.
  package static func otherAudio(
    path: String, found: AudioConfiguration, authority: String, expected: AudioConfiguration
  ) -> SpecGANError {
    SpecGANError(
      .badData, "evaluation.otherAudio",
      "\(path) has slices of \(found.form), and \(authority) has \(expected.form)",
      advice: "use sounds, runs and a classifier of one kind.", path: path, found: "\(found)")
  }

  /// Real sounds are of too few files or speakers for some to be held out.
  package static func nothingToHoldOut(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "evaluation.nothingToHoldOut",
      "\(path) has sounds of too few files or speakers for some to be held out",
      advice: "name other held-out sounds.", path: path)
  }

  /// The held-out sounds are the real ones.
  package static func sameSounds(path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "evaluation.sameSounds",
      "\(path) cannot be the real sounds and the held-out ones",
      advice: "give other held-out sounds, or none.", path: path)
  }

  /// Scores would be written into a cache.
  package static func outputIsCache(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "evaluation.outputIsCache",
      "\(path) is a cache, and one that also holds scores could not be replaced",
      advice: "choose another folder for them.", path: path)
  }

  /// What stands behind `@` is no way of inversion.
  package static func inversionMethod(text: String, found: String) -> SpecGANError {
    SpecGANError(
      .missing, "evaluation.inversionMethod",
      "\(text) does not exist, and \(found) is no way of inversion; behind the @ of a run use one of "
        + InversionMethod.allCases.map(\.rawValue).joined(separator: ", ") + ".", found: found)
  }

  /// A way of inversion is asked for where nothing is inverted.
  package static func notInverted(text: String, path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "evaluation.notInverted",
      "\(text) asks for a way of inversion, and \(path) has no spectrograms to invert",
      advice: "leave the @ out.", path: path)
  }

  /// The caller asked to stop.
  package static var interrupted: SpecGANError {
    SpecGANError(
      .interrupted, "evaluation.interrupted",
      "The work was interrupted",
      advice: "nothing was written.")
  }
}

extension AudioConfiguration {
  /// As `16384 samples at 16000 Hz in 1 channel`.
  fileprivate var form: String {
    "\(sliceLength) samples at \(sampleRate) Hz in \(channels) channel\(channels == 1 ? "" : "s")"
  }
}
