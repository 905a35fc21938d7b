package import Safetensors
package import SpecGANDatasets
package import SpecGANFiles
package import SpecGANPictures
package import SpecGANSettings
package import Spectra
package import Waveforms

/// Why a score cannot be given.
package enum EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There are `found` of `what` where a score takes at least `needed`.
  case tooFew(what: String, found: Int, needed: Int)
  /// A number that is not finite; `what` says of what.
  case notFinite(what: String, row: Int)
  /// Features that are too large to be squared.
  case tooLarge(row: Int)
  /// A row of class probabilities that is none.
  case notProbabilities(row: Int, sum: Float)
  /// A row of probabilities, a label or a distribution is of another number of classes.
  case classCount(what: String, found: Int, expected: Int)
  /// A label that is no class.
  case label(found: Int, row: Int, classes: Int)
  /// A distribution over the classes does not add up to one, or has a negative share.
  case notDistribution(sum: Double)
  /// Two sets of features are of different lengths.
  case dimension(found: Int, expected: Int)
  /// All of `what` are the same, so that nothing can be told from their differences.
  case constant(what: String)
  /// A setting is out of range; `allowed` completes "use …".
  case setting(name: String, found: String, allowed: String)
  /// Sounds have nothing at the highest band of a log-mel spectrogram.
  case sampleRate(path: String, found: Int)
  /// The eigenvalues of a matrix were not found.
  case noEigenvalues(size: Int)
  /// A cache has sounds of fewer than two labels.
  case fewClasses(path: String, found: Int)
  /// A cache has too few sounds to hold some back; `unit` says what is held back whole.
  case noSplit(path: String, unit: String)
  /// No sound of a label fell to the part that a classifier learns from.
  case unlearned(label: String, seed: UInt64)
  /// A loss is no number, and no epoch was good before.
  case diverged(epoch: Int)
  /// Training takes more memory than there is.
  case memory(needed: Int, available: Int)
  /// A file is no classifier.
  case notClassifier(path: String)
  /// A classifier was written by another version.
  case classifierVersion(path: String, found: String)
  /// A classifier's weights hold a number that is not finite.
  case weights(path: String, name: String)
  /// Sounds are of another length than a classifier's; both are numbers of samples of all channels.
  case soundLength(found: Int, expected: Int)
  /// A spectrogram cannot be made or used.
  case spectra(SpectraError)
  /// A cache cannot be read.
  case dataset(DatasetError)
  /// A tensor file cannot be read or written, or is damaged.
  case tensors(SafetensorsError)
  /// A picture cannot be written.
  case picture(PictureError)
  /// A run or a checkpoint cannot be used.
  case training(TrainingError)
  /// The system refused to read or write.
  case file(FileError)
  /// Sounds are of another rate, or of slices of another length, than those of `authority`.
  case otherAudio(
    path: String, found: AudioConfiguration, authority: String, expected: AudioConfiguration)
  /// Real sounds are of too few files or speakers for some to be held out.
  case nothingToHoldOut(path: String)
  /// The held-out sounds are the real ones.
  case sameSounds(path: String)
  /// Scores would be written into a cache.
  case outputIsCache(path: String)
  /// What stands behind `@` is no way of inversion.
  case inversionMethod(text: String, found: String)
  /// A way of inversion is asked for where nothing is inverted.
  case notInverted(text: String, path: String)
  /// The caller asked to stop.
  case interrupted

  /// A sentence: what, where, and what to do.
  package var description: String {
    switch self {
    case .tooFew(let what, let found, let needed):
      "There are \(found) \(what) where at least \(needed) are needed; give more."
    case .notFinite(let what, let row):
      "Row \(row) of the \(what) holds a number that is not finite; leave it out, or look where it comes from."
    case .tooLarge(let row):
      "The features of sound \(row) are too large for their squares to be numbers; scale them down."
    case .notProbabilities(let row, let sum):
      "Row \(row) of the class probabilities adds up to \(sum) or has a negative one; "
        + "give what a softmax returns."
    case .classCount(let what, let found, let expected):
      "\(what) has \(found) classes where there are \(expected); use the same classifier for both."
    case .label(let found, let row, let classes):
      "Label \(row) is \(found); use 0 to \(classes - 1)."
    case .notDistribution(let sum):
      "The distribution of the training set's classes adds up to \(sum) or has a negative share; "
        + "divide counts by their sum."
    case .dimension(let found, let expected):
      "There are features of \(found) numbers and of \(expected); use the same features for both."
    case .constant(let what):
      "All \(what) are the same, so nothing can be told from their differences; give different ones."
    case .setting(let name, let found, let allowed):
      "\(name) is \(found); use \(allowed)."
    case .sampleRate(let path, let found):
      "\(path) has sounds of \(found) Hz, and scores are taken of sounds of "
        + "\(MelSpectrogram.leastSampleRate) Hz or more; preprocess them with audio.sample_rate 16000."
    case .noEigenvalues(let size):
      "The eigenvalues of a matrix of \(size) by \(size) were not found; use other features."
    case .fewClasses(let path, let found):
      "\(path) has sounds of \(found == 1 ? "one label" : "no label") where a classifier takes two or more; "
        + "preprocess a folder that has a folder for each class."
    case .noSplit(let path, let unit):
      "\(path) has too few \(unit)s to hold some back for validation and for the test; "
        + "use three or more of a label."
    case .unlearned(let label, let seed):
      "With --seed \(seed) all speakers of \(label) are held back for validation or for the test; "
        + "use another seed, or sounds of more speakers."
    case .diverged(let epoch):
      "The loss or a weight of epoch \(epoch) is no number; use a lower --learning-rate."
    case .memory(let needed, let available):
      "Training needs \(needed >> 20) MiB of memory, and \(available >> 20) are free; "
        + "use fewer --channels or a smaller --batch-size."
    case .notClassifier(let path):
      "\(path) is not a classifier: its metadata lack the labels, the settings or the report, or they "
        + "contradict each other; give a file of specgan classifier train."
    case .classifierVersion(let path, let found):
      "\(path) is a classifier of version \(found) where 2 is known; "
        + "use the version of specgan that wrote it."
    case .weights(let path, let name):
      "\(path): \(name) holds a number that is not finite; train the classifier again."
    case .soundLength(let found, let expected):
      "There are sounds of \(found) samples where the classifier takes \(expected); "
        + "cut them as its cache was."
    case .spectra(let error): error.description
    case .dataset(let error): error.description
    case .tensors(let error): error.description
    case .picture(let error): error.description
    case .training(let error): error.description
    case .file(let error): error.description
    case .otherAudio(let path, let found, let authority, let expected):
      "\(path) has slices of \(found.form), and \(authority) has \(expected.form); "
        + "use sounds, runs and a classifier of one kind."
    case .nothingToHoldOut(let path):
      "\(path) has sounds of too few files or speakers for some to be held out; "
        + "name others with --held-out."
    case .sameSounds(let path):
      "\(path) cannot be the real sounds and the held-out ones; leave --held-out out, or name others."
    case .outputIsCache(let path):
      "\(path) is a cache, and one that also holds scores could not be replaced; choose another folder for them."
    case .inversionMethod(let text, let found):
      "\(text) does not exist, and \(found) is no way of inversion; behind the @ of a run use one of "
        + InversionMethod.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .notInverted(let text, let path):
      "\(text) asks for a way of inversion, and \(path) has no spectrograms to invert; leave the @ out."
    case .interrupted: "The work was interrupted; nothing was written."
    }
  }
}

extension EvaluationError {
  /// - Throws: ``setting(name:found:allowed:)`` where `value` is not in `range`.
  package static func check(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(EvaluationError) {
    guard !range.contains(value) else { return }
    throw .setting(
      name: name, found: "\(value)",
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
  }
}

extension AudioConfiguration {
  /// As `16384 samples at 16000 Hz in 1 channel`.
  fileprivate var form: String {
    "\(sliceLength) samples at \(sampleRate) Hz in \(channels) channel\(channels == 1 ? "" : "s")"
  }
}
