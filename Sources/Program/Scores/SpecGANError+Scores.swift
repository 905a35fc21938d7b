package import SpecGANErrors

extension SpecGANError.Code {
  /// A setting of a score is out of range.
  package static let setting: Self = "scores.setting"
}

extension SpecGANError {
  /// Returns the error that `found` clips, or others of `what`, are fewer than `needed`.
  package static func tooFew(what: String, found: Int, needed: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.tooFew",
      "Too few \(what) (\(found))",
      advice: "give at least \(needed).", found: "\(found)")
  }

  /// Returns the error that row `row` of `what` has a value that is not finite.
  package static func notFinite(what: String, row: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.notFinite",
      "Row \(row) of the \(what) has a value that is not finite",
      advice: "leave it out, or check its source.")
  }

  /// Returns the error that features are too large to be squared.
  package static func tooLarge(row: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.tooLarge",
      "The features of clip \(row) are too large to be squared",
      advice: "scale them down.")
  }

  /// Returns the error that a row of class probabilities is not a distribution.
  package static func notProbabilities(row: Int, sum: Float) -> SpecGANError {
    SpecGANError(
      .badData, "scores.notProbabilities",
      "Row \(row) of the class probabilities sums to \(sum) or has a negative value",
      advice: "give the output of a softmax.")
  }

  /// Returns the error that `what` has another number of classes.
  package static func classCount(what: String, found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.classCount",
      "\(what) has \(found) classes, expected \(expected)",
      advice: "use the same classifier for both.", found: "\(found)")
  }

  /// Returns the error that a label is not a class.
  package static func label(found: Int, row: Int, classes: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.label",
      "Label \(row) is \(found)",
      advice: "use 0 to \(classes - 1).", found: "\(found)")
  }

  /// Returns the error that a distribution over the classes does not sum to 1, or has a negative
  /// share.
  package static func notDistribution(sum: Double) -> SpecGANError {
    SpecGANError(
      .badData, "scores.notDistribution",
      "The distribution of the training set's classes sums to \(sum) or has a negative share",
      advice: "divide the counts by their sum.")
  }

  /// Returns the error that two sets of features have different dimensions.
  package static func dimension(found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.dimension",
      "Features have \(found) and \(expected) dimensions",
      advice: "use the same features for both.", found: "\(found)")
  }

  /// Returns the error that all `what` are equal, so that a score is undefined.
  package static func constant(what: String) -> SpecGANError {
    SpecGANError(
      .badData, "scores.constant",
      "All \(what) are equal, so the score is undefined",
      advice: "give different ones.")
  }

  /// Returns the error that a setting is out of range; `allowed` completes "use …".
  package static func setting(name: String, found: String, allowed: String) -> SpecGANError {
    SpecGANError(
      .badSetting, .setting,
      "\(name) is \(found)",
      advice: "use \(allowed).", key: name, found: found, allowed: allowed)
  }

  /// Returns the error that the eigenvalues of a matrix were not found.
  package static func noEigenvalues(size: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.noEigenvalues",
      "The eigenvalues of a matrix of \(size) by \(size) were not found",
      advice: "use other features.")
  }

  /// Returns the error that clips have another length than a classifier accepts, in samples of all
  /// channels.
  package static func soundLength(found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.soundLength",
      "Clips have \(found) samples, but the classifier accepts \(expected)",
      advice: "cut them as for its cache.", found: "\(found)")
  }
}

extension SpecGANError {
  /// Checks a setting.
  ///
  /// - Throws: ``setting(name:found:allowed:)`` if `value` is not in `range`.
  package static func check(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(SpecGANError) {
    guard !range.contains(value) else { return }
    throw .setting(
      name: name, found: "\(value)",
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
  }
}
