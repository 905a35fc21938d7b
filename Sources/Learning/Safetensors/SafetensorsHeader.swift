// The format: https://github.com/huggingface/safetensors, README, "Format".
internal import SpecGANErrors

/// A header that was read and checked: its tensors fill the data exactly.
struct SafetensorsHeader {
  /// The length of the longest header that the format allows, in bytes.
  static let longest = 100_000_000
  /// The key of the metadata, which no tensor may use as its name.
  static let metadataKey = "__metadata__"

  private(set) var metadata: [String: String] = [:]
  private(set) var names: [String] = []
  private(set) var entries: [String: SafetensorsEntry] = [:]

  /// Reads `json`, the header of the file at `path`, which is followed by `dataLength` bytes.
  init(_ json: [UInt8], dataLength: Int, path: String) throws(SpecGANError) {
    var scanner = try HeaderScanner(json, path: path)
    guard json.first == UInt8(ascii: "{") else { throw scanner.fault(.expected(.object)) }
    try scanner.object { (scanner, name) throws(SpecGANError) in
      if name == Self.metadataKey {
        metadata = try Self.metadata(&scanner)
      } else {
        names.append(name)
        entries[name] = try Self.entry(&scanner, name: name, path: path)
      }
    }
    try scanner.end()
    try checkPlacement(dataLength: dataLength, path: path)
  }

  private static func metadata(
    _ scanner: inout HeaderScanner
  ) throws(SpecGANError) -> [String: String] {
    var metadata: [String: String] = [:]
    try scanner.object { (scanner, key) throws(SpecGANError) in
      metadata[key] = try scanner.string()
    }
    return metadata
  }

  private static func entry(
    _ scanner: inout HeaderScanner, name: String, path: String
  ) throws(SpecGANError) -> SafetensorsEntry {
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { (scanner, key) throws(SpecGANError) in
      switch key {
      case "dtype": typeName = try scanner.string()
      case "shape": shape = try scanner.naturals()
      case "data_offsets": offsets = try scanner.naturals()
      default: throw scanner.fault(.unknownKey(key))
      }
    }
    guard let typeName else { throw scanner.fault(.missingKey("dtype")) }
    guard let shape else { throw scanner.fault(.missingKey("shape")) }
    guard let offsets else { throw scanner.fault(.missingKey("data_offsets")) }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw scanner.fault(.expected(.offsets))
    }
    guard let type = SafetensorsType(rawValue: typeName) else {
      throw .unknownType(path: path, name: name, type: typeName)
    }
    guard let entry = SafetensorsEntry(type: type, shape: shape, from: offsets[0]),
      entry.byteRange.upperBound == offsets[1]
    else {
      throw .size(
        path: path, name: name, type: type, shape: shape, byteCount: offsets[1] - offsets[0])
    }
    return entry
  }

  /// Checks that the tensors fill the data, one directly after the other.
  private func checkPlacement(dataLength: Int, path: String) throws(SpecGANError) {
    var end = 0
    let placed = entries.sorted { first, second in
      (first.value.byteRange.lowerBound, first.value.byteRange.upperBound, first.key)
        < (second.value.byteRange.lowerBound, second.value.byteRange.upperBound, second.key)
    }
    for (name, entry) in placed {
      guard entry.byteRange.lowerBound == end else {
        throw .placement(path: path, name: name, start: entry.byteRange.lowerBound, expected: end)
      }
      end = entry.byteRange.upperBound
    }
    guard end == dataLength else {
      throw .dataLength(path: path, byteCount: dataLength, expected: end)
    }
  }
}

/// The start of a safetensors file, up to its tensors, padded to a given length.
///
/// If the tensors are written before their sizes are known, the header is written last, into space
/// that was reserved for it at the start of the file.
package enum SafetensorsPreamble {
  /// Returns `length` bytes for `tensors`, which follow each other in the file: the header's
  /// length, the header, and spaces.
  ///
  /// - Precondition: The names differ, the shapes are valid, and the header fits.
  package static func bytes(
    _ tensors: [(name: String, type: SafetensorsType, shape: [Int])], length: Int
  ) -> [UInt8] {
    var entries: [(name: String, SafetensorsEntry)] = []
    for (name, type, shape) in tensors {
      let start = entries.last?.1.byteRange.upperBound ?? 0
      guard let entry = SafetensorsEntry(type: type, shape: shape, from: start) else {
        trap("tensor \(name) of shape \(shape) has no valid size")
      }
      entries.append((name, entry))
    }
    let json = SafetensorsHeader.json(entries: entries)
    require(
      json.count + 8 <= length, "a header of \(json.count) bytes does not fit into \(length - 8)")
    let count = unsafe withUnsafeBytes(of: UInt64(length - 8).littleEndian) { unsafe Array($0) }
    return count + json + [UInt8](repeating: UInt8(ascii: " "), count: length - 8 - json.count)
  }
}

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
