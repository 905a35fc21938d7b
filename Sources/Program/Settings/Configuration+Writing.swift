extension Configuration {
  /// The complete configuration as YAML, every key in a fixed order. It reads back as the same
  /// value.
  package var yaml: String {
    blocks { setting in ["\(setting.key): \(setting.yaml(self))"] }.joined(separator: "\n")
  }

  /// The complete configuration as YAML, with a comment on each key: its meaning, its allowed
  /// values, and its default if the value is another. It reads back as the same value.
  package var commented: String { commented(heading: nil, reasons: [:]) }

  /// Returns the configuration as ``commented`` does.
  ///
  /// - Parameters:
  ///   - heading: a sentence about all settings, which comes first.
  ///   - reasons: sentences by the names of settings, each of which comes before its key.
  /// - Returns: the text of a file.
  func commented(heading: String?, reasons: [String: String]) -> String {
    let defaults = Configuration()
    let blocks = blocks { setting in
      let text = "\(setting.key): \(setting.yaml(self))"
      let indentation = setting.section.isEmpty ? 2 : 0
      let space = String(repeating: " ", count: max(2, 28 + indentation - text.count))
      let brief = setting.brief.isEmpty ? "" : "; \(setting.brief)"
      let usual = setting.yaml(defaults)
      let otherwise = setting.yaml(self) == usual ? "" : "; default \(usual)"
      let line = "\(text)\(space)# \(setting.comment)\(brief)\(otherwise)"
      return (reasons[setting.name].map { comments($0) } ?? []) + [line]
    }
    let place = self == defaults ? "" : ",\n# or the one after the word default"
    let first = "# Settings of specgan. A missing key takes its default, which is the value here"
    let more = heading.map { "#\n" + comments($0).joined(separator: "\n") + "\n" }
    return "\(first)\(place).\n\(more ?? "")\n" + blocks.joined(separator: "\n")
  }

  /// The name of every setting, such as `network.dimension`, with its value as in ``yaml``.
  package var namedValues: [(name: String, yaml: String)] {
    Self.settings.map { ($0.name, $0.yaml(self)) }
  }

  /// The value of every setting, as in ``yaml``, by its name.
  package var valuesByName: [String: String] {
    Dictionary(uniqueKeysWithValues: namedValues.map { ($0.name, $0.yaml) })
  }

  /// Returns one text for the keys at the top level, and one per section.
  private func blocks(_ lines: (Setting) -> [String]) -> [String] {
    let top = Self.settings.filter(\.section.isEmpty).flatMap(lines).map { "\($0)\n" }.joined()
    return [top]
      + Self.sections.map { section in
        let lines = Self.settings.filter { $0.section == section }.flatMap(lines)
        return "\(section):\n" + lines.map { "  \($0)\n" }.joined()
      }
  }
}

extension ReasonedSettings {
  /// Returns the configuration as ``Configuration/commented`` does, with `heading` and the reasons.
  func commented(heading: String) -> String {
    configuration.commented(
      heading: heading + " A comment above a key is the reason for its value.", reasons: reasons)
  }
}

/// Returns `text` as comments that fit into 100 columns, also with the indentation of a section.
///
/// Names of folders in it may hold line feeds, and characters that YAML does not allow.
private func comments(_ text: String) -> [String] {
  let width = 98
  var lines: [String] = []
  var line = "#"
  for word in text.split(whereSeparator: \.isWhitespace) {
    let word = String(String.UnicodeScalarView(word.unicodeScalars.map(printable)))
    if line.count + 1 + word.count > width, line != "#" {
      lines.append(line)
      line = "#"
    }
    line += " " + word
  }
  return lines + [line]
}

/// Returns `scalar`, or a question mark in the place of one that has no picture.
private func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
  switch scalar.properties.generalCategory {
  case .control, .format, .unassigned, .privateUse, .surrogate, .lineSeparator,
    .paragraphSeparator, .spaceSeparator:
    "?"
  default: scalar
  }
}

// YAML 1.1, https://yaml.org/spec/1.1, chapter 5.7 for escapes. Python's reader takes a number with
// an exponent for text unless it has a decimal point.

/// Returns the shortest decimal that is read back as `value`, in a form that every YAML reader
/// takes for a number.
func yamlNumber<Value: LosslessStringConvertible & Sendable>(_ value: Value) -> String {
  let text = String(value)
  if text.hasSuffix(".0") { return String(text.dropLast(2)) }
  guard let exponent = text.firstIndex(of: "e"), !text.contains(".") else { return text }
  return text[..<exponent] + ".0" + text[exponent...]
}

/// Returns `text` as YAML: plain if no reader can take it for something else, otherwise in quotes.
func yamlText(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-": true
    default: false
    }
  }
  let startsPlain = text.first.map { $0.isLetter || $0 == "/" } ?? false
  return isPlain && startsPlain && !reservedWords.contains(text.lowercased()) ? text : quoted(text)
}

private let reservedWords: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

private func quoted(_ text: String) -> String {
  var yaml = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": yaml.unicodeScalars += ["\\", scalar]
    case " "..."~": yaml.unicodeScalars.append(scalar)
    default:
      let digits = String(scalar.value, radix: 16)
      yaml += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
    }
  }
  return yaml + "\""
}
