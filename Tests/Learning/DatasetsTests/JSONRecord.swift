import Foundation
import SpecGANTestSupport

/// The `cache.json` of a cache, which can be changed and written with a valid fingerprint and
/// checksum.
struct JSONRecord {
  private let name: String
  /// The complete contents.
  var values: [String: Any]

  init(of folder: TemporaryFolder, cache: String = "cache") throws {
    name = "\(cache)/cache.json"
    let data = Data(try folder.bytes(of: name))
    values = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
  }

  /// The objects in the contents: settings, counts and checksums.
  var sections: [String: [String: Any]] {
    get { values.compactMapValues { $0 as? [String: Any] } }
    set { values.merge(newValue) { _, new in new } }
  }

  func write(to folder: TemporaryFolder) throws {
    var record = values
    let settings = try ["audio", "spectrogram", "labels"].flatMap {
      try Self.text(record[$0] ?? [])
    }
    let slices = (sections["checksums"] ?? [:]).filter { $0.key.hasPrefix("slices") }
      .sorted { $0.key < $1.key }.flatMap { Array(($0.value as? String ?? "").utf8) }
    record["fingerprint"] = Self.digits(settings) + Self.digits(slices)
    record["checksum"] = ""
    record["checksum"] = Self.digits(try Self.text(record))
    try folder.write(try Self.text(record), as: name)
  }

  /// Returns the CRC-32 of `bytes`, in eight digits.
  static func digits(_ bytes: [UInt8]) -> String {
    let digits = String(bitwiseCRC32(bytes), radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  private static func text(_ value: Any) throws -> [UInt8] {
    try Array(
      JSONSerialization.data(
        withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes]))
  }
}
