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
