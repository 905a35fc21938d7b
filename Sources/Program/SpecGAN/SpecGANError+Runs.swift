internal import SpecGANErrors

extension Settings {
  /// Returns `threads`.
  ///
  /// - Throws: ``SpecGANError`` if it is not 1 to 1024.
  static func checked(_ threads: Int) throws(SpecGANError) -> Int {
    guard (1...1024).contains(threads) else {
      throw SpecGANError(
        .misuse, "specgan.threads", "The number of threads is \(threads)", advice: "use 1 to 1024.",
        found: "\(threads)", allowed: "1 to 1024")
    }
    return threads
  }
}

extension SpecGANError {
  /// Returns the error that a limit of training is negative or not a number.
  static func limit(_ name: String, found: String) -> SpecGANError {
    SpecGANError(
      .misuse, "specgan.limit", "The limit of \(name) is \(found)",
      advice: "use 0 or more, or nil.",
      found: found)
  }

  /// Returns the error that a number of clips is out of range.
  static func clipCount(found: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "specgan.clipCount", "The number of clips is \(found)", advice: "use 0 to 1000000.",
      found: "\(found)")
  }

  /// Returns the error that a run has no such label.
  static func noLabel(path: String, label: String, labels: [String]) -> SpecGANError {
    let advice =
      labels.isEmpty
      ? "leave it out; this run has no labels." : "use \(labels.joined(separator: ", "))."
    return SpecGANError(
      .misuse, "specgan.noLabel", "\(path) has no label '\(label)'", advice: advice, path: path,
      found: label)
  }
}
