internal import Foundation
internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import Spectra
internal import Waveforms

/// The contents of `cache.json`.
struct CacheRecord: Codable, Equatable, Sendable {
  static let currentVersion = 3

  var schemaVersion = Self.currentVersion
  /// The version of decoding and resampling; slices of another version are not reused.
  var decoder = Self.currentDecoder
  /// The version of the transform; spectrograms of another version are computed again.
  var transform = Self.currentTransform
  var audio: AudioConfiguration
  var spectrogram: SpectrogramConfiguration
  var counts: Counts
  /// The duration of the used files, in seconds: the sum of frames over sample rate.
  var secondsOfAudio: Double
  /// The names of the labels; a slice's label is an index into them.
  var labels: [String]
  /// The CRC-32 of every other file of the cache, by its name.
  var checksums: [String: String]
  var fingerprint = ""
  /// The CRC-32 of this record with an empty checksum, as JSON with sorted keys.
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

// MARK: - Versions

extension CacheRecord {
  /// The version of decoding: increase it if the same file gives other slices, or is refused for
  /// another reason.
  private static let decodingVersion = 4
  /// The version of the transform: increase it if the same slices give moments or spectrograms that
  /// differ in a bit. (Stereo spectrograms in place of those of the mix differ in shape, by which
  /// they are recognized.)
  private static let transformVersion = 2

  static var currentDecoder: String {
    (["\(decodingVersion)"] + AudioFile.libraryVersions).joined(separator: ", ")
  }
  static var currentTransform: String { "\(transformVersion), \(STFT.libraryVersion)" }
}

// MARK: - Fingerprint

extension CacheRecord {
  /// Returns sixteen digits computed from all that training depends on: the settings and labels,
  /// then every slice.
  ///
  /// The spectrograms follow from these. The fingerprint does not depend on the location of the
  /// files, the time or the program that read them, or on files without slices.
  func computedFingerprint() throws(SpecGANError) -> String {
    var settings = CRC32()
    settings.update(try Self.encoded(audio))
    settings.update(try Self.encoded(spectrogram.encoding))
    settings.update(try Self.encoded(labels))
    var content = CRC32()
    let slices = checksums.filter { $0.key.hasPrefix(ShardKind.slices.rawValue) }
      .sorted { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) }
    for (_, checksum) in slices { content.update(checksum) }
    return settings.hexadecimal + content.hexadecimal
  }
}

extension CacheRecord {
  /// Returns whether the settings of `layout` are those of this cache, as far as the fingerprint
  /// depends on them.
  func hasSettings(of layout: CacheLayout) -> Bool {
    audio == layout.audio && spectrogram.encoding == layout.spectrogram.encoding
  }
}

// MARK: - Checksum

extension CacheRecord {
  /// Returns eight digits computed from all other keys, so that a change of any of them is found.
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
  /// Reads `cache.json` in the folder `path`. Unknown keys are refused.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, cannot be read, has another version, or is
  ///   damaged.
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
      throw .damaged(path: file, reason: "a key is missing or has a value of the wrong type")
    }
    try checkKeys(of: bytes, file: file)
    guard fingerprint == (try computedFingerprint()) else {
      throw .damaged(path: file, reason: "its fingerprint does not match its contents")
    }
    guard checksum == (try computedChecksum()) else {
      throw .damaged(path: file, reason: "its checksum does not match its contents")
    }
  }

  /// Returns whether the folder `path` still contains the cache of this record.
  func isCurrent(in path: String) throws(SpecGANError) -> Bool {
    try ifUsable { () throws(SpecGANError) in try CacheRecord(reading: path) } == self
  }

  /// Computes the fingerprint and the checksum, and writes `cache.json` into the folder `path`.
  mutating func write(to path: String) throws(SpecGANError) {
    fingerprint = try computedFingerprint()
    checksum = try computedChecksum()
    let text = try Self.encoded(self, readable: true) + "\n"
    try AtomicFile.replace("\(path)/\(CacheLayout.record)", with: text)
  }

  /// Returns `value` as JSON with sorted keys, so that equal values have equal text.
  static func encoded(
    _ value: some Encodable, readable: Bool = false
  ) throws(SpecGANError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if readable { encoder.outputFormatting.insert(.prettyPrinted) }
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      // JSON has no NaN and no infinity; every number here has been checked to be finite.
      throw .setting(key: "A setting", found: "not finite", allowed: "a finite number")
    }
  }

  /// Checks for unknown keys by encoding the record again, because a decoder ignores them.
  private func checkKeys(of bytes: Data, file: String) throws(SpecGANError) {
    let known = Data(try Self.encoded(self).utf8)
    guard let found = Self.canonical(bytes), found == Self.canonical(known) else {
      throw .damaged(path: file, reason: "it has an unknown key")
    }
  }

  /// Returns JSON with sorted keys and one form of each number; nil if `bytes` are no JSON.
  private static func canonical(_ bytes: Data) -> Data? {
    guard let value = try? JSONSerialization.jsonObject(with: bytes) else { return nil }
    return try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
  }

  private struct Version: Decodable {
    var number: Int

    private enum CodingKeys: String, CodingKey { case number = "schema_version" }
  }
}
