package import SpecGANErrors

extension SpecGANError.Code {
  /// A setting of a score is out of range.
  package static let setting: Self = "scores.setting"
}

extension SpecGANError {
  /// There are `found` of `what` where a score takes at least `needed`.
  package static func tooFew(what: String, found: Int, needed: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.tooFew",
      "There are \(found) \(what) where at least \(needed) are needed",
      advice: "give more.", found: "\(found)")
  }

  /// A number that is not finite; `what` says of what.
  package static func notFinite(what: String, row: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.notFinite",
      "Row \(row) of the \(what) holds a number that is not finite",
      advice: "leave it out, or look where it comes from.")
  }

  /// Features that are too large to be squared.
  package static func tooLarge(row: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.tooLarge",
      "The features of sound \(row) are too large for their squares to be numbers",
      advice: "scale them down.")
  }

  /// A row of class probabilities that is none.
  package static func notProbabilities(row: Int, sum: Float) -> SpecGANError {
    SpecGANError(
      .badData, "scores.notProbabilities",
      "Row \(row) of the class probabilities adds up to \(sum) or has a negative one",
      advice: "give what a softmax returns.")
  }

  /// A row of probabilities, a label or a distribution is of another number of classes.
  package static func classCount(what: String, found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.classCount",
      "\(what) has \(found) classes where there are \(expected)",
      advice: "use the same classifier for both.", found: "\(found)")
  }

  /// A label that is no class.
  package static func label(found: Int, row: Int, classes: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.label",
      "Label \(row) is \(found)",
      advice: "use 0 to \(classes - 1).", found: "\(found)")
  }

  /// A distribution over the classes does not add up to one, or has a negative share.
  package static func notDistribution(sum: Double) -> SpecGANError {
    SpecGANError(
      .badData, "scores.notDistribution",
      "The distribution of the training set's classes adds up to \(sum) or has a negative share",
      advice: "divide counts by their sum.")
  }

  /// Two sets of features are of different lengths.
  package static func dimension(found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.dimension",
      "There are features of \(found) numbers and of \(expected)",
      advice: "use the same features for both.", found: "\(found)")
  }

  /// All of `what` are the same, so that nothing can be told from their differences.
  package static func constant(what: String) -> SpecGANError {
    SpecGANError(
      .badData, "scores.constant",
      "All \(what) are the same, so nothing can be told from their differences",
      advice: "give different ones.")
  }

  /// A setting is out of range; `allowed` completes "use …".
  package static func setting(name: String, found: String, allowed: String) -> SpecGANError {
    SpecGANError(
      .badSetting, .setting,
      "\(name) is \(found)",
      advice: "use \(allowed).", key: name, found: found, allowed: allowed)
  }

  /// The eigenvalues of a matrix were not found.
  package static func noEigenvalues(size: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.noEigenvalues",
      "The eigenvalues of a matrix of \(size) by \(size) were not found",
      advice: "use other features.")
  }

  /// Sounds are of another length than a classifier's; both are numbers of samples of all channels.
  package static func soundLength(found: Int, expected: Int) -> SpecGANError {
    SpecGANError(
      .badData, "scores.soundLength",
      "There are sounds of \(found) samples where the classifier takes \(expected)",
      advice: "cut them as its cache was.", found: "\(found)")
  }
}

extension SpecGANError {
  /// - Throws: ``setting(name:found:allowed:)`` where `value` is not in `range`.
  package static func check(
    _ name: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(SpecGANError) {
    guard !range.contains(value) else { return }
    throw .setting(
      name: name, found: "\(value)",
      allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
  }
}
