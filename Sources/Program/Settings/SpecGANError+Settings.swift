package import SpecGANErrors
internal import SpecGANFiles

extension SpecGANError {
  /// Returns the error that a file is not UTF-8.
  package static func encoding(path: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "settings.encoding",
      "\(path) is not UTF-8",
      advice: "save it as UTF-8.", path: path)
  }

  /// Returns the error that a file is not valid YAML; `reason` is the parser's.
  package static func syntax(path: String, line: Int, reason: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "settings.syntax",
      "\(path), line \(line): not valid YAML (\(reason))",
      advice: "correct it.", path: path, line: line)
  }

  /// Returns the error that `key`, or the complete file if `key` is empty, is not a mapping.
  package static func section(path: String, line: Int, key: String) -> SpecGANError {
    key.isEmpty
      ? SpecGANError(
        .badSetting, "settings.section",
        "\(path), line \(line): expected 'key: value'",
        advice: "correct it.", path: path, line: line)
      : SpecGANError(
        .badSetting, "settings.section",
        "\(path), line \(line): \(shown(key)) is a section",
        advice: "write 'key: value' lines below it.", path: path, key: key, line: line)
  }

  /// Returns the error that a key is a duplicate.
  package static func duplicateKey(path: String, line: Int, key: String) -> SpecGANError {
    SpecGANError(
      .badSetting, "settings.duplicateKey",
      "\(path), line \(line): \(shown(key)) is a duplicate key",
      advice: "remove all but one.", path: path, key: key, line: line)
  }

  /// Returns the error that a key is unknown; `nearest` is the closest known one.
  package static func unknownKey(_ place: SettingPlace, key: String, nearest: String)
    -> SpecGANError
  {
    SpecGANError(
      .badSetting, "settings.unknownKey",
      "\(place): unknown key \(shown(key))",
      advice: "the nearest key is '\(nearest)'.", path: place.path, key: key, line: place.line,
      allowed: nearest)
  }

  /// Returns the error that `key` cannot be `value`; `valid` completes "use …".
  package static func value(_ place: SettingPlace, key: String, value: String, valid: String)
    -> SpecGANError
  {
    SpecGANError(
      .badSetting, "settings.value",
      "\(place): \(key) is \(shown(value))",
      advice: "use \(valid).", path: place.path, key: key, line: place.line, found: value,
      allowed: valid)
  }

  /// Returns the error that a preset learns labels, but the folders of the sounds are none.
  ///
  /// `reason` is a clause about the folders.
  package static func noLabels(reason: String) -> SpecGANError {
    SpecGANError(
      .badData, "settings.noLabels",
      "The preset drums needs folders that are labels, but \(reason)",
      advice: "put the sounds into a folder for each class, or use the preset one-shots.")
  }

  /// Returns the error that no sound is longer than a slice of `slice` seconds.
  package static func noLongSounds(slice: String) -> SpecGANError {
    SpecGANError(
      .badData, "settings.noLongSounds",
      "The preset long needs sounds that are longer than a slice, and none exceeds \(slice) s",
      advice: "use the preset one-shots.")
  }

  /// Returns the error that an assignment has no `=`.
  package static func assignment(_ text: String, from source: String) -> SpecGANError {
    SpecGANError(
      .misuse, "settings.assignment", "\(source): \(shown(text)) is not a setting",
      advice: "use key=value, such as network.dimension=16.", found: text)
  }
}

/// Returns a text of the user for a sentence: in quotes, on one line, of bounded length.
private func shown(_ text: String) -> String {
  let limit = 60
  let line = String(text.prefix(limit).map { $0.isNewline ? " " : $0 })
  return "'\(line)\(text.count > limit ? "…" : "")'"
}
