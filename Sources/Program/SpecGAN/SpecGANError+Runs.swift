internal import SpecGANErrors

extension SpecGANError {
  /// A number of clips that nobody can generate.
  static func clipCount(found: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "run.clipCount", "The number of clips is \(found)", advice: "use 0 to 1000000.",
      found: "\(found)")
  }

  /// A label that the run does not have.
  static func noLabel(path: String, label: String, labels: [String]) -> SpecGANError {
    let advice =
      labels.isEmpty
      ? "leave it out; this run has no labels." : "use \(labels.joined(separator: ", "))."
    return SpecGANError(
      .misuse, "run.noLabel", "\(path) has no label '\(label)'", advice: advice, path: path,
      found: label)
  }
}
