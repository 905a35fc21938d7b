internal import Foundation

/// Makes the record of the cache at `path` agree with its shards, as if preprocessing had written
/// them as they are, so that only their values are wrong.
public func resealCache(at path: String) throws {
  let file = "\(path)/cache.json"
  var record = try String(contentsOfFile: file, encoding: .utf8)
  var slices = ""
  for name in try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  where name.hasSuffix(".safetensors") {
    let checksum = digits(try Data(contentsOf: URL(filePath: "\(path)/\(name)")))
    record.replaceEnd(of: name, by: checksum)
    if name.hasPrefix("slices-") { slices += checksum }
  }
  // The first half of the fingerprint belongs to the settings.
  record.replaceEnd(of: "fingerprint", by: digits(Data(slices.utf8)))
  record.replaceEnd(of: "checksum", by: "        ")
  let unsealed = record.replacing("        \"", with: "\"")
  record.replaceEnd(of: "checksum", by: digits(Data(unsealed.withoutSpaces.utf8)))
  try Data(record.utf8).write(to: URL(filePath: file))
}

private func digits(_ bytes: Data) -> String {
  let digits = String(bitwiseCRC32(bytes), radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}

extension String {
  /// Replaces the last characters of the value of `key`, a text, by `end`.
  fileprivate mutating func replaceEnd(of key: String, by end: String) {
    guard let start = range(of: "\"\(key)\" : \""),
      let close = range(of: "\"", range: start.upperBound..<endIndex)
    else { return }
    let first = index(close.lowerBound, offsetBy: -end.count)
    replaceSubrange(first..<close.lowerBound, with: end)
  }

  /// The JSON without spaces between its words.
  fileprivate var withoutSpaces: String {
    var isInText = false
    return filter { character in
      if character == "\"" { isInText.toggle() }
      return isInText || !character.isWhitespace
    }
  }
}
