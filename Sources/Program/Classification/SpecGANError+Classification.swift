package import SpecGANErrors

extension SpecGANError {
  /// Returns the error that a cache has fewer than two labels.
  package static func fewClasses(path: String, found: Int) -> SpecGANError {
    SpecGANError(
      .badData, "classification.fewClasses",
      "\(path) has \(found == 1 ? "one label" : "no labels"), but a classifier needs at least two",
      advice: "preprocess a folder with a folder per class.", path: path, found: "\(found)")
  }

  /// Returns the error that a cache has too few files or speakers, by `unit`, to hold some back.
  package static func noSplit(path: String, unit: DatasetSplit.Unit) -> SpecGANError {
    SpecGANError(
      .badData, "classification.noSplit",
      "\(path) has too few \(unit.rawValue)s for a validation and a test part",
      advice: "use at least three per label.", path: path, key: unit.rawValue)
  }

  /// Returns the error that each label of a cache is a single file.
  package static func singleFiles(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "classification.singleFiles",
      "Each label of \(path) has a single file, which is not a class to recognize others by",
      advice: "preprocess a folder with a folder of several files per class.", path: path)
  }

  /// Returns the error that a label has no slice in the training part.
  package static func unlearned(label: String, seed: UInt64) -> SpecGANError {
    SpecGANError(
      .badData, "classification.unlearned",
      "With seed \(seed) all speakers of \(label) are in the validation or test part",
      advice: "use another seed, or more speakers.")
  }

  /// Returns the error that a loss or a weight is not finite before any epoch has succeeded.
  package static func diverged(epoch: Int) -> SpecGANError {
    SpecGANError(
      .diverged, "classification.diverged",
      "The loss or a weight of epoch \(epoch) is NaN or infinite",
      advice: "use a lower learning rate.")
  }

  /// Returns the error that memory is too small for training.
  package static func memory(needed: Int, available: Int) -> SpecGANError {
    SpecGANError(
      .noMemory, "classification.memory",
      "Training needs \(needed >> 20) MiB of memory, but only \(available >> 20) MiB are free",
      advice: "use fewer channels or a smaller batch.")
  }

  /// Returns the error that a file is not a classifier.
  package static func notClassifier(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "classification.notClassifier",
      "\(path) is not a classifier: its metadata have no labels, settings or report, or they contradict each other",
      advice: "give the file of a trained classifier.", path: path)
  }

  /// Returns the error that a classifier has another version of the format.
  package static func classifierVersion(path: String, found: String) -> SpecGANError {
    SpecGANError(
      .badData, "classification.classifierVersion",
      "\(path) is a classifier of version \(found), but this program supports version \(Classifier.schemaVersion)",
      advice: "use the version of specgan that wrote it.", path: path, found: found)
  }

  /// Returns the error that a weight of a classifier is not finite.
  package static func weights(path: String, name: String) -> SpecGANError {
    SpecGANError(
      .badData, "classification.weights",
      "\(path): tensor '\(name)' has a value that is not finite",
      advice: "train the classifier again.", path: path, key: name)
  }
}
