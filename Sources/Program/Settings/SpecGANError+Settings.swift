package import SpecGANErrors
internal import SpecGANFiles

extension SpecGANError {
  /// The file is no text in UTF-8.
  package static func encoding(path: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "settings.encoding",
      "\(path) is not UTF-8",
      advice: "save it as such.", path: path)
  }

  /// The file is no YAML; `reason` is the parser's.
  package static func syntax(path: String, line: Int, reason: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "settings.syntax",
      "\(path), line \(line): \(reason)",
      advice: "this is not YAML, correct it.", path: path, line: line)
  }

  /// `key`, or the whole file if it is empty, should hold keys and holds something else.
  package static func section(path: String, line: Int, key: String) -> SpecGANError {
    key.isEmpty
      ? SpecGANError(
        .badSetting, "settings.section",
        "\(path), line \(line): a configuration holds lines of the form 'key: value', write them so.",
        path: path, line: line)
      : SpecGANError(
        .badSetting, "settings.section",
        "\(path), line \(line): \(shown(key)) is a section, put 'key: value' lines below it.",
        path: path, key: key, line: line)
  }

  /// A key is there twice.
  package static func duplicateKey(path: String, line: Int, key: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "settings.duplicateKey",
      "\(path), line \(line): \(shown(key)) is there more than once",
      advice: "remove all but one.", path: path, key: key, line: line)
  }

  /// There is no such key; `nearest` is one there is.
  package static func unknownKey(_ place: SettingPlace, key: String, nearest: String)
    -> SpecGANError
  {
    SpecGANError(
      .badSetting, "settings.unknownKey",
      "\(place): there is no key \(shown(key))",
      advice: "the nearest is '\(nearest)'.", path: place.path, key: key, line: place.line,
      allowed: nearest)
  }

  /// `key` cannot be `value`, only what `valid` says.
  package static func value(_ place: SettingPlace, key: String, value: String, valid: String)
    -> SpecGANError
  {
    SpecGANError(
      .badSetting, "settings.value",
      "\(place): \(key) is \(shown(value))",
      advice: "use \(valid).", path: place.path, key: key, line: place.line, found: value,
      allowed: valid)
  }

  /// An assignment has no `=`.
  package static func assignment(_ text: String, from source: String) -> SpecGANError {
    SpecGANError(
      .misuse, "settings.assignment", "\(source): \(shown(text)) is no setting",
      advice: "use key=value, for instance network.dimension=16.", found: text)
  }
}

/// A text of the user's as it may appear in a sentence: in quotes, on one line, of bounded length.
private func shown(_ text: String) -> String {
  let limit = 60
  let line = String(text.prefix(limit).map { $0.isNewline ? " " : $0 })
  return "'\(line)\(text.count > limit ? "…" : "")'"
}
