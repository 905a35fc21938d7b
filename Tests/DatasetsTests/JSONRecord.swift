import Foundation
import TestSupport

/// The `cache.json` of a cache, to be changed and written with the fingerprint that fits.
struct JSONRecord {
  private static let name = "cache/cache.json"
  private var rest: [String: Any]
  /// The settings: `audio` and `spectrogram`.
  var sections: [String: [String: Any]]

  init(of folder: TemporaryFolder) throws {
    let data = Data(try folder.bytes(of: Self.name))
    rest = try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    sections = rest.compactMapValues { $0 as? [String: Any] }
  }

  func write(to folder: TemporaryFolder) throws {
    var record = rest
    for name in ["audio", "spectrogram"] { record[name] = sections[name] }
    var settings: [UInt8] = []
    for name in ["audio", "spectrogram", "labels"] {
      settings += try JSONSerialization.data(
        withJSONObject: record[name] ?? [], options: [.sortedKeys, .withoutEscapingSlashes])
    }
    let content = (record["fingerprint"] as? String ?? "").suffix(8)  // of the slices
    let digits = String(bitwiseCRC32(settings), radix: 16)
    record["fingerprint"] = String(repeating: "0", count: 8 - digits.count) + digits + content
    try folder.write(
      Array(JSONSerialization.data(withJSONObject: record)), as: Self.name)
  }
}
