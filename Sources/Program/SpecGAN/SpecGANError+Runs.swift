internal import SpecGANErrors

extension SpecGANError {
  /// Returns the error that a number of clips is out of range.
  static func clipCount(found: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "run.clipCount", "The number of clips is \(found)", advice: "use 0 to 1000000.",
      found: "\(found)")
  }

  /// Returns the error that a run has no such label.
  static func noLabel(path: String, label: String, labels: [String]) -> SpecGANError {
    let advice =
      labels.isEmpty
      ? "leave it out; this run has no labels." : "use \(labels.joined(separator: ", "))."
    return SpecGANError(
      .misuse, "run.noLabel", "\(path) has no label '\(label)'", advice: advice, path: path,
      found: label)
  }
}
