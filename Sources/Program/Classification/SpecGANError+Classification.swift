package import SpecGANErrors

extension SpecGANError {
  /// A cache has sounds of fewer than two labels.
  package static func fewClasses(path: String, found: Int) -> SpecGANError {
    SpecGANError(
      .badData, "classification.fewClasses",
      "\(path) has sounds of \(found == 1 ? "one label" : "no label") where a classifier takes two or more",
      advice: "preprocess a folder that has a folder for each class.", path: path, found: "\(found)"
    )
  }

  /// A cache has too few sounds to hold some back; `unit` says what is held back whole.
  package static func noSplit(path: String, unit: DatasetSplit.Unit) -> SpecGANError {
    SpecGANError(
      .badData, "classification.noSplit",
      "\(path) has too few \(unit.rawValue)s to hold some back for validation and for the test",
      advice: "use three or more of a label.", path: path, key: unit.rawValue)
  }

  /// No sound of a label fell to the part that a classifier learns from.
  package static func unlearned(label: String, seed: UInt64) -> SpecGANError {
    SpecGANError(
      .badData, "classification.unlearned",
      "With seed \(seed) all speakers of \(label) are held back for validation or for the test",
      advice: "use another seed, or sounds of more speakers.")
  }

  /// A loss is no number, and no epoch was good before.
  package static func diverged(epoch: Int) -> SpecGANError {
    SpecGANError(
      .diverged, "classification.diverged",
      "The loss or a weight of epoch \(epoch) is no number",
      advice: "use a lower learning rate.")
  }

  /// Training takes more memory than there is.
  package static func memory(needed: Int, available: Int) -> SpecGANError {
    SpecGANError(
      .noMemory, "classification.memory",
      "Training needs \(needed >> 20) MiB of memory, and \(available >> 20) are free",
      advice: "use fewer channels or a smaller batch.")
  }

  /// A file is no classifier.
  package static func notClassifier(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "classification.notClassifier",
      "\(path) is not a classifier: its metadata lack the labels, the settings or the report, or they contradict each other",
      advice: "give the file of a trained classifier.", path: path)
  }

  /// A classifier was written by another version.
  package static func classifierVersion(path: String, found: String) -> SpecGANError {
    SpecGANError(
      .badData, "classification.classifierVersion",
      "\(path) is a classifier of version \(found) where \(Classifier.schemaVersion) is known",
      advice: "use the version of specgan that wrote it.", path: path, found: found)
  }

  /// A classifier's weights hold a number that is not finite.
  package static func weights(path: String, name: String) -> SpecGANError {
    SpecGANError(
      .badData, "classification.weights",
      "\(path): \(name) holds a number that is not finite",
      advice: "train the classifier again.", path: path, key: name)
  }
}
