internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles

/// A file that was found, and the result of preprocessing it: a row of `sources.jsonl`.
package struct Source: Codable, Equatable, Sendable {
  /// The path relative to its input, or the file's name if the file itself is the input.
  ///
  /// A byte that is not UTF-8 is written as `\x` and two hexadecimal digits; such a file is never
  /// used.
  package var path: String
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

  /// Returns whether a run that uses the intact part of damaged files, or does not, gives the same
  /// result.
  func isSame(allowingDamage: Bool) -> Bool {
    isDamaged != true || (skipReason == nil) == allowingDamage
  }

  /// Returns whether `other` has the same input, path and label, compared by bytes.
  func isPlaced(as other: Source) -> Bool {
    PlaceInInputs(self) == PlaceInInputs(other) && label.utf8.elementsEqual(other.label.utf8)
  }

  private enum CodingKeys: String, CodingKey {
    case path, input, frames, channels, label, slices, bytes, checksum
    case sampleRate = "rate"
    case skipReason = "skipped"
    case beyondFullScale = "beyond_full_scale"
    case remarks
    case isDamaged = "damaged"
  }
}

/// A file without slices, and the reason.
package struct SkippedSource: Encodable, Equatable, Sendable {
  /// The path, including that of the input.
  package var path: String
  /// The rest of a sentence that begins with the path: "is empty: it has 0 bytes; copy it again."
  package var reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
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
