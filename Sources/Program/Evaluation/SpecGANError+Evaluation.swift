package import SpecGANClassification
package import SpecGANErrors
internal import Spectra
package import Waveforms

extension SpecGANError {
  /// Returns the error that a sample rate is too low for the highest mel band.
  package static func rateTooLow(path: String, found: Int, least: Int) -> SpecGANError {
    SpecGANError(
      .badData, "evaluation.rateTooLow",
      """
      \(path) has a sample rate of \(found) Hz, but scores need \
      \(least) Hz or more
      """,
      advice: least == MelSpectrogram.leastSampleRate
        ? "use audible features, or preprocess with audio.sample_rate 16000."
        : "preprocess with audio.sample_rate 16000.", path: path,
      found: "\(found)")
  }

  /// Returns the error that a classifier reads other log-mel spectrograms than requested.
  package static func otherFeatures(
    path: String, found: FeatureSet, wanted: FeatureSet
  ) -> SpecGANError {
    SpecGANError(
      .badData, "evaluation.otherFeatures",
      "\(path) was trained on \(found.rawValue) features, not on \(wanted.rawValue) ones",
      advice: "use the features of the classifier, or another classifier.", path: path,
      found: found.rawValue, allowed: wanted.rawValue)
  }

  /// Returns the error that clips have another format than those of `authority`.
  package static func otherAudio(
    path: String, found: AudioConfiguration, authority: String, expected: AudioConfiguration
  ) -> SpecGANError {
    SpecGANError(
      .badData, "evaluation.otherAudio",
      "\(path) has slices of \(found.form), but \(authority) has \(expected.form)",
      advice: "use audio, runs and a classifier with the same audio settings.", path: path,
      found: found.form)
  }

  /// Returns the error that the real clips have too few files or speakers to hold some out.
  package static func nothingToHoldOut(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "evaluation.nothingToHoldOut",
      "\(path) has too few files or speakers to hold some out",
      advice: "give another set of held-out clips.", path: path)
  }

  /// Returns the error that each label is a single file, so that none can be held out.
  package static func singleFilesHeldOut(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "evaluation.singleFilesHeldOut",
      "Each label of \(path) has a single file, so none can be held out",
      advice: "give another set of held-out clips, or put all files into one folder.", path: path)
  }

  /// Returns the error that `option` is a run or a checkpoint instead of real clips.
  package static func notReal(path: String, option: String) -> SpecGANError {
    SpecGANError(
      .misuse, "evaluation.notReal",
      "\(path) is a run or a checkpoint, but --\(option) is for real clips",
      advice: "give a cache or a folder of audio.", path: path, key: option)
  }

  /// Returns the error that the held-out clips are the real ones.
  package static func sameSounds(path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "evaluation.sameSounds",
      "\(path) is both the real set and the held-out one",
      advice: "give another held-out set, or none.", path: path)
  }

  /// Returns the error that scores would be written into a cache.
  package static func outputIsCache(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "evaluation.outputIsCache",
      "\(path) is a cache",
      advice: "choose another folder for the scores.", path: path)
  }

  /// Returns the error that the word after `@` is not an inversion method.
  package static func inversionMethod(text: String, found: String) -> SpecGANError {
    SpecGANError(
      .missing, "evaluation.inversionMethod",
      "\(text) does not exist, and \(found) is not an inversion method; after @ use one of "
        + InversionMethod.allCases.map(\.rawValue).joined(separator: ", ") + ".", found: found)
  }

  /// Returns the error that an inversion method is given for a set without spectrograms.
  package static func notInverted(text: String, path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "evaluation.notInverted",
      "\(text) names an inversion method, but \(path) has no spectrograms",
      advice: "leave the @ out.", path: path)
  }

  /// The error that the caller asked to stop.
  package static var interrupted: SpecGANError {
    SpecGANError(
      .interrupted, "evaluation.interrupted",
      "The work was interrupted",
      advice: "nothing was written.")
  }
}

extension AudioConfiguration {
  /// The format as `16384 samples at 16000 Hz in 1 channel`.
  fileprivate var form: String {
    "\(sliceLength) samples at \(sampleRate) Hz in \(channels) channel\(channels == 1 ? "" : "s")"
  }
}
