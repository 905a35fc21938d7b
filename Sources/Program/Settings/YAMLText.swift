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
