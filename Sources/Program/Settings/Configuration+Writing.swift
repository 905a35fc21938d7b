extension Configuration {
  /// The complete configuration as YAML, every key in a fixed order. It reads back as the same
  /// value.
  package var yaml: String {
    blocks { setting in "\(setting.key): \(setting.yaml(self))" }.joined(separator: "\n")
  }

  /// The complete configuration as YAML, with a comment on each key: its meaning, its allowed
  /// values, and its default if the value is another. It reads back as the same value.
  package var commented: String {
    let defaults = Configuration()
    let blocks = blocks { setting in
      let text = "\(setting.key): \(setting.yaml(self))"
      let indentation = setting.section.isEmpty ? 2 : 0
      let space = String(repeating: " ", count: max(2, 28 + indentation - text.count))
      let brief = setting.brief.isEmpty ? "" : "; \(setting.brief)"
      let usual = setting.yaml(defaults)
      let otherwise = setting.yaml(self) == usual ? "" : "; default \(usual)"
      return "\(text)\(space)# \(setting.comment)\(brief)\(otherwise)"
    }
    let heading = "# Settings of specgan. A missing key takes its default, which is the value here"
    let place = self == defaults ? "" : ",\n# or the one after the word default"
    return "\(heading)\(place).\n\n" + blocks.joined(separator: "\n")
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
  private func blocks(_ line: (Setting) -> String) -> [String] {
    let top = Self.settings.filter(\.section.isEmpty).map { line($0) + "\n" }.joined()
    return [top]
      + Self.sections.map { section in
        let lines = Self.settings.filter { $0.section == section }.map { "  \(line($0))\n" }
        return "\(section):\n" + lines.joined()
      }
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
