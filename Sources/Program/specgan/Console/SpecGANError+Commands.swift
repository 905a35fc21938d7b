internal import SpecGANErrors
import SpecGANFiles

extension SpecGANError {
  /// Two inputs would write the same file.
  static func equalStems(first: String, second: String, output: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.equalStems",
      "\(first) and \(second) would both be written to \(output)",
      advice: "rename one of them.")
  }

  /// An input would be written over.
  static func overwritesInput(path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "command.overwritesInput",
      "\(path) would be written over",
      advice: "choose another place to write to.", path: path)
  }

  /// A file is none of what a command takes.
  static func unknownInput(path: String, expected: String) -> SpecGANError {
    SpecGANError(
      .badData, "command.unknownInput",
      "\(path) is not something this command takes",
      advice: "give it \(expected).", path: path)
  }

  /// A tensor has another number of axes, or axes of other lengths, than a command takes.
  static func shape(path: String, name: String, found: [Int], expected: String) -> SpecGANError {
    SpecGANError(
      .badData, "command.shape",
      "\(path): tensor '\(name)' has shape \(found) where \(expected) is needed",
      advice: "give a file with that shape.", path: path, key: name, found: "\(found)")
  }

  /// Magnitudes are too large for a sound of finite samples; `place` says which.
  static func tooLarge(place: String) -> SpecGANError {
    SpecGANError(
      .badData, "command.tooLarge",
      "\(place) has magnitudes too large for a sound",
      advice: "scale them down.")
  }

  /// Spectrograms come without the moments that normalized them.
  static func noMoments(path: String, isGiven: Bool) -> SpecGANError {
    SpecGANError(
      .badData, "command.noMoments",
      isGiven
        ? "\(path) has no 'mean' and 'deviation'"
        : "\(path) has spectrograms and no 'mean' and 'deviation'",
      advice: isGiven
        ? "give --moments the moments.safetensors of a cache."
        : "add --moments with the moments.safetensors of their cache.", path: path)
  }

  /// A result could not be written to standard output.
  static func lostResult(reason: String) -> SpecGANError {
    SpecGANError(
      .unwritable, "command.lostResult", "Standard output cannot be written: \(reason)",
      advice: "send it to a file with room.")
  }

  /// More sounds are to be kept than are made.
  static func keepsMoreThanMade(keep: Int, count: Int) -> SpecGANError {
    SpecGANError(
      .misuse, "command.keepsMoreThanMade",
      "--keep \(keep) of --count \(count) sounds is not possible",
      advice: "make more, or keep fewer.")
  }

  /// A file of latents has no such row.
  static func noSuchRow(option: String, row: Int, path: String, count: Int) -> SpecGANError {
    let rows = count == 1 ? "row 0 alone" : "rows 0 to \(count - 1)"
    return SpecGANError(
      .misuse, "command.noSuchRow", "--\(option) is \(row) and \(path) has \(rows)",
      advice: "use one of them.", path: path)
  }

  /// A checkpoint knows other labels, or none.
  static func unknownLabel(_ label: String, path: String, known: [String]) -> SpecGANError {
    SpecGANError(
      .misuse, "command.unknownLabel",
      known.isEmpty
        ? "--label is \(label) and \(path) knows of no labels"
        : "--label is \(label) and \(path) knows \(list(known))",
      advice: known.isEmpty ? "leave it out." : "use one of them.", path: path)
  }

  /// It is not said which label a sound is to be scored as.
  static func noLabel(path: String, file: String, known: [String]) -> SpecGANError {
    SpecGANError(
      .misuse, "command.noLabel",
      "\(path) scores a sound as one of its label, and \(file) says none",
      advice: "add --label with \(list(known, last: "or")).", path: path)
  }

  /// Refuses to write `output` over one of `inputs`.
  static func refuse(writing output: String, over inputs: [String?]) throws {
    for input in inputs.compactMap(\.self)
    where input == output || Folder.areSame(input, output) {
      throw SpecGANError.overwritesInput(path: output)
    }
  }

  /// Calls `body`; an error about a spectrogram says that it is the one at `place`.
  static func naming<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as SpecGANError {
      throw error.code.room == "spectra" ? error.located(at: place) : error
    }
  }
}

/// `a, b and c`; of very many, the first.
private func list(_ names: [String], last: String = "and") -> String {
  guard names.count > 1 else { return names.first ?? "" }
  let most = 40
  let shown = names.count <= most ? names : names.prefix(most) + ["\(names.count - most) more"]
  return shown.dropLast().joined(separator: ", ") + " \(last) " + (shown.last ?? "")
}
