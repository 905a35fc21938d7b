package import SpecGANErrors

extension SpecGANError {
  /// Returns the error that too few generated clips are audible to find directions.
  package static func tooFewAudible(path: String, found: Int, count: Int) -> SpecGANError {
    SpecGANError(
      .badData, "exploration.tooFewAudible",
      "Only \(found) of \(count) clips of \(path) are audible, too few to find directions",
      advice: "train longer, or generate more clips.", path: path, found: "\(found)")
  }

  /// Returns the error that a generator has no direction `name`.
  package static func unknownDirection(
    _ name: String, path: String, known: [String]
  ) -> SpecGANError {
    SpecGANError(
      .misuse, "exploration.unknownDirection", "\(path) has no direction \(name)",
      advice: known.isEmpty
        ? "train longer: no property of its clips follows a direction yet."
        : "use \(known.joined(separator: ", ")).", path: path, found: name)
  }

  /// Returns the error that a file has no directions.
  package static func notDirections(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "exploration.notDirections",
      "\(path) has no directions of its step: its metadata lack or contradict the step, the number of clips or the seed",
      advice: "remove it; it is written again.", path: path)
  }

  /// Returns the error that all candidates of a selection are silent or copies.
  package static func nothingToKeep(path: String, silent: Int, copies: Int) -> SpecGANError {
    SpecGANError(
      .badData, "exploration.nothingToKeep",
      "No clip of \(path) can be kept: \(silent) are silent, and \(copies) are copies of training clips",
      advice: "train longer, or generate more clips.", path: path)
  }

  /// Returns the error that the first slice of a clip to search for is silent.
  package static func silentTarget(path: String) -> SpecGANError {
    SpecGANError(
      .badData, "exploration.silentTarget",
      "\(path): its first slice is silent, with its channels mixed as in training",
      advice: "give a clip that is audible from its start.", path: path)
  }
}
