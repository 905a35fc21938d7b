extension SafetensorsHeader {
  /// Returns the header for `metadata`, sorted by the bytes of its keys, and `entries`.
  static func json(
    metadata: [String: String] = [:], entries: [(name: String, SafetensorsEntry)]
  ) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\(quoted(metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    for (name, entry) in entries {
      let shape = entry.shape.map(String.init).joined(separator: ",")
      let range = entry.byteRange
      members.append(
        "\(quoted(name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(range.lowerBound),\(range.upperBound)]}")
    }
    return Array("{\(members.joined(separator: ","))}".utf8)
  }

  /// Returns `text` as a JSON string, with the shortest escapes and only those that are required.
  private static func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": json.unicodeScalars += ["\\", scalar]
      case "\n": json += "\\n"
      case "\r": json += "\\r"
      case "\t": json += "\\t"
      case "\u{8}": json += "\\b"
      case "\u{C}": json += "\\f"
      case ..<" ":
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
