internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
package import Waveforms

/// A file that was found, and the result of preprocessing it: a row of `sources.jsonl`.
package struct Source: Codable, Equatable, Sendable {
  /// The path relative to its input, or the file's name if the file itself is the input.
  ///
  /// If a name has bytes that are not UTF-8, each is written as `\x` and two hexadecimal digits,
  /// and a backslash as `\\`; see ``isEscaped``.
  package var path: String
  /// True if ``path`` has such bytes, so that its backslashes are not characters of the name; nil
  /// otherwise.
  package var isEscaped: Bool?
  /// The input as the caller gave it; nil if there was only one.
  package var input: String?
  /// The number of frames; 0 if the file could not be read.
  package var frames = 0
  /// The sample rate in Hz; 0 if the file could not be read.
  package var sampleRate = 0
  /// The number of channels; 0 if the file could not be read.
  package var channels = 0
  /// The first folder below the input; empty for a file directly in it.
  package var label = ""
  /// The number of its slices.
  package var slices = 0
  /// The reason if it has no slices: the rest of a sentence that begins with the path.
  package var skipReason: String?
  /// The kind of a skipped entry by its contents; nil for ``SkippedSource/Kind/sound`` and for used
  /// files.
  package var kind: SkippedSource.Kind?
  /// The name of the format if it is audio in an unsupported one.
  package var format: String?
  /// The author, owner and license that the file names; nil if they were not read: the file could
  /// not be, or the row is of version 0.2.
  package var rights: SoundRights?
  /// Whether the audio is silent; nil if not, or if the file could not be read.
  package var silence: Silence?
  /// The size in bytes; nil if the file could not be read, so that the next run tries again.
  package var bytes: Int?
  /// CRC-32 and Adler-32 of the bytes, eight hexadecimal digits each, by which the next run
  /// recognizes the file.
  package var checksum: String?
  /// The number of samples beyond ±1, which are used unchanged; nil if there are none.
  package var beyondFullScale: Int?
  /// Remarks on a file that is used although its header or other data are wrong, each the rest of a
  /// sentence that begins with the path; nil if there are none.
  package var remarks: [String]?
  /// True if the file is damaged: it is skipped, or its intact part was used; nil otherwise.
  package var isDamaged: Bool?
  /// True if the intact part of a damaged file was to be used, even if there was none; nil
  /// otherwise.
  package var isDamageAllowed: Bool?

  /// Returns whether a run that uses the intact part of damaged files, or does not, gives the same
  /// result.
  func isSame(allowingDamage: Bool) -> Bool {
    isDamaged != true || (isDamageAllowed == true) == allowingDamage
  }

  /// The point at which a file's audio becomes silent.
  package enum Silence: String, Codable, Sendable {
    /// The file is silent.
    case file
    /// The file is not, but the mean of its channels is.
    case mix
  }

  /// Returns whether `other` has the same input, path and label, compared by bytes.
  func isPlaced(as other: Source) -> Bool {
    PlaceInInputs(self) == PlaceInInputs(other) && label.utf8.elementsEqual(other.label.utf8)
  }

  private enum CodingKeys: String, CodingKey {
    case path, input, frames, channels, label, slices, kind, format, bytes, checksum
    case isEscaped = "escaped"
    case silence = "silent"
    case sampleRate = "rate"
    case skipReason = "skipped"
    case beyondFullScale = "beyond_full_scale"
    case remarks, rights
    case isDamaged = "damaged"
    case isDamageAllowed = "damage_allowed"
  }
}

extension Source {
  /// Records the reason for skipping the file.
  ///
  /// If the file could not be read, or is only too long, size and checksum are removed, so that the
  /// next run tries again.
  /// - Throws: `error` if it is a failure of the system, which says nothing about the file.
  mutating func skip(for error: SpecGANError, allowingDamage: Bool) throws(SpecGANError) {
    if error.systemFailure != nil { throw error }
    if error.code.isDamage {
      (isDamaged, isDamageAllowed) = (true, allowingDamage ? true : nil)
    }
    let isTooLong = error.code == "audio.tooLong"
    skipReason =
      isTooLong
      ? error.advising("cut it into parts, or raise audio.longest_seconds.").predicate
      : error.predicate
    switch error.code {
    case .notAudio, .audioEmpty: kind = .other
    case .audioUnsupported: (kind, format) = (.format, error.found)
    default: break
    }
    if isTooLong || [.missing, .unreadable, .noMemory].contains(error.kind) {
      (bytes, checksum) = (nil, nil)
    }
  }
}

/// A file without slices, and the reason.
package struct SkippedSource: Equatable, Sendable {
  /// The kind of an entry that is skipped.
  package enum Kind: String, Codable, Sendable {
    /// An audio file that cannot be used, or an entry that may be one.
    case sound
    /// An audio file in a format that is not supported.
    case format
    /// A file that is not audio and does not have the name of an audio file.
    case other
    /// A folder without files.
    case emptyFolder = "empty folder"
  }

  /// The path of the file, including that of the input.
  package var path: String
  /// The rest of a sentence that begins with the path: "is empty: it has 0 bytes; copy it again."
  package var reason: String
  /// The kind of the entry.
  package var kind: Kind
  /// The name of the format if it is unsupported.
  package var format: String?

  package init(path: String, reason: String, kind: Kind = .sound, format: String? = nil) {
    (self.path, self.reason, self.kind, self.format) = (path, reason, kind, format)
  }

  /// Creates the skipped entry of `row` at the path `location`; nil if it was not skipped.
  ///
  /// A file that is not audio counts as an unusable audio file if it has the name of one.
  init?(_ row: Source, at location: String) {
    guard let reason = row.skipReason else { return nil }
    let isBroken = row.kind == .other && AudioFile.isNamedLikeAudio(location)
    self.init(
      path: location, reason: reason, kind: isBroken ? .sound : row.kind ?? .sound,
      format: row.format)
  }

  /// Whether it is an audio file, or may be one, that a user expects to be used.
  package var isOfSound: Bool { [.sound, .format].contains(kind) }
  /// The path as text, which may not be that of a file: bytes that are not UTF-8 are escaped.
  package var shownPath: String { path.escapingForeignBytes }
}

extension SkippedSource: Encodable {
  private enum CodingKeys: CodingKey {
    case path, reason, kind, format
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shownPath, forKey: .path)
    try container.encode(reason, forKey: .reason)
    try container.encode(kind, forKey: .kind)
    try container.encodeIfPresent(format, forKey: .format)
  }
}

/// A used file that has samples beyond ±1.
package struct SourceBeyondFullScale: Encodable, Equatable, Sendable {
  /// The path, including that of the input.
  package var path: String
  /// The number of samples beyond ±1.
  package var samples: Int
}

/// A used file with a remark, for instance that its header gives another length than it has.
package struct SourceRemark: Encodable, Equatable, Sendable {
  /// The path, including that of the input.
  package var path: String
  /// The rest of a sentence that begins with the path.
  package var remark: String
}

/// The size and digest of a file, by which the next run recognizes it.
///
/// Modification times are not used: copying and unpacking change them, and a second change within
/// one tick of the clock does not.
struct FileContent: Hashable, Sendable {
  let byteCount: Int
  let digest: ContentDigest

  /// Reads the file at `path` to its end.
  init(of path: String) throws(SpecGANError) {
    let (digest, byteCount) = try ContentDigest.ofFile(path)
    self.byteCount = byteCount
    self.digest = digest
  }

  /// Creates the content recorded in `row`; nil if the file could not be read.
  init?(_ row: Source) {
    guard let byteCount = row.bytes,
      let digest = row.checksum.flatMap(ContentDigest.init(hexadecimal:))
    else { return nil }
    self.byteCount = byteCount
    self.digest = digest
  }
}
