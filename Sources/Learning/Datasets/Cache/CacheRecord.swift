internal import Foundation
internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import Spectra
internal import Waveforms

/// What `cache.json` holds.
struct CacheRecord: Codable, Equatable, Sendable {
  static let currentVersion = 3

  var schemaVersion = Self.currentVersion
  /// What decoded and resampled the files; slices that another one made are not taken over.
  var decoder = Self.currentDecoder
  /// What made the spectrograms of the slices; those that another one made are made anew.
  var transform = Self.currentTransform
  var audio: AudioConfiguration
  var spectrogram: SpectrogramConfiguration
  var counts: Counts
  /// Frames of the used files over their rates.
  var secondsOfAudio: Double
  /// Names; a slice's label is an index into them.
  var labels: [String]
  /// CRC-32 of every other file of the cache, by its name.
  var checksums: [String: String]
  var fingerprint = ""
  /// CRC-32 of this record without it, as JSON with sorted keys.
  var checksum = ""

  struct Counts: Codable, Equatable, Sendable {
    var files: Int
    var used: Int
    var skipped: Int
    var hidden: Int
    var slices: Int
    var shards: Int
  }

  private enum CodingKeys: String, CodingKey {
    case schemaVersion = "schema_version"
    case decoder, transform, audio, spectrogram, counts
    case secondsOfAudio = "seconds_of_audio"
    case labels, checksums, fingerprint, checksum
  }
}

// MARK: - What made it

extension CacheRecord {
  /// To be raised when the same file gives other slices, or is refused for other reasons.
  private static let decodingVersion = 3
  /// To be raised when the same slices give other moments or spectrograms, by a bit.
  private static let transformVersion = 1

  static var currentDecoder: String {
    (["\(decodingVersion)"] + AudioFile.libraryVersions).joined(separator: ", ")
  }
  static var currentTransform: String { "\(transformVersion), \(STFT.libraryVersion)" }
}

// MARK: - Fingerprint

extension CacheRecord {
  /// Sixteen digits over what training sees: the settings and the labels, then every slice.
  ///
  /// The spectrograms follow from those. Where the sounds lay, when and by what they were read, and
  /// files that gave nothing leave it alone.
  func computedFingerprint() throws(SpecGANError) -> String {
    var settings = CRC32()
    settings.update(try Self.encoded(audio))
    settings.update(try Self.encoded(spectrogram))
    settings.update(try Self.encoded(labels))
    var content = CRC32()
    let slices = checksums.filter { $0.key.hasPrefix(ShardKind.slices.rawValue) }
      .sorted { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) }
    for (_, checksum) in slices { content.update(checksum) }
    return settings.hexadecimal + content.hexadecimal
  }
}

// MARK: - Checksum

extension CacheRecord {
  /// Eight digits over all the rest, which `verify()` could not miss a change in.
  private func computedChecksum() throws(SpecGANError) -> String {
    var record = self
    record.checksum = ""
    var checksum = CRC32()
    checksum.update(try Self.encoded(record))
    return checksum.hexadecimal
  }
}

// MARK: - Text

extension CacheRecord {
  /// Reads `cache.json` in the folder `path`, strictly: unknown keys are refused.
  init(reading path: String) throws(SpecGANError) {
    let file = "\(path)/\(CacheLayout.record)"
    let bytes: Data
    do throws(SpecGANError) {
      bytes = try MappedFile(path: file).withBytes { unsafe $0.withUnsafeBytes { unsafe Data($0) } }
    } catch {
      throw error.code == .fileNotFound ? .notCache(path: path) : error
    }
    let decoder = JSONDecoder()
    guard let version = try? decoder.decode(Version.self, from: bytes).number else {
      throw .notCache(path: path)
    }
    guard version == Self.currentVersion else {
      throw .schemaVersion(path: path, found: version, supported: Self.currentVersion)
    }
    do { self = try decoder.decode(Self.self, from: bytes) } catch {
      throw .damaged(path: file, reason: "a key is missing or has a value of the wrong kind")
    }
    try checkKeys(of: bytes, file: file)
    guard fingerprint == (try computedFingerprint()) else {
      throw .damaged(path: file, reason: "its fingerprint does not fit what it says")
    }
    guard checksum == (try computedChecksum()) else {
      throw .damaged(path: file, reason: "its checksum does not fit what it says")
    }
  }

  /// Whether the folder `path` still holds this record, and so the cache it was read from.
  func isCurrent(in path: String) -> Bool { (try? CacheRecord(reading: path)) == self }

  /// Writes `cache.json` into the folder `path`, after giving it its fingerprint and its checksum.
  mutating func write(to path: String) throws(SpecGANError) {
    fingerprint = try computedFingerprint()
    checksum = try computedChecksum()
    let text = try Self.encoded(self, readable: true) + "\n"
    try AtomicFile.replace("\(path)/\(CacheLayout.record)", with: text)
  }

  /// `value` as JSON with sorted keys: the same value, the same text.
  static func encoded(
    _ value: some Encodable, readable: Bool = false
  ) throws(SpecGANError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if readable { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      // Numbers that JSON cannot hold; all of ours have been checked to be finite.
      throw .setting(key: "a setting", found: "not a number", allowed: "a finite one")
    }
  }

  /// A decoder passes over keys it does not know; encoding again shows that there were some.
  private func checkKeys(of bytes: Data, file: String) throws(SpecGANError) {
    let known = Data(try Self.encoded(self).utf8)
    let found = try? JSONSerialization.jsonObject(with: bytes) as? NSDictionary
    let expected = try? JSONSerialization.jsonObject(with: known) as? NSDictionary
    guard let found, found == expected else {
      throw .damaged(path: file, reason: "it holds a key that this program does not know")
    }
  }

  private struct Version: Decodable {
    var number: Int

    private enum CodingKeys: String, CodingKey { case number = "schema_version" }
  }
}
