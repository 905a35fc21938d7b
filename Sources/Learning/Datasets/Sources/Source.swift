/// One file that was found, and what became of it: a row of `sources.jsonl`.
package struct Source: Codable, Equatable, Sendable {
  /// The path below its INPUT, or a file's own name where that was the INPUT.
  ///
  /// Bytes that are not UTF-8 stand as `\x` and two hexadecimal digits; such a file is never used.
  package var path: String
  /// The INPUT as it was given; there only where there were several.
  package var input: String?
  /// Frames in the file; 0 where it could not be read.
  package var frames = 0
  /// Frames a second of the file, in hertz; 0 where it could not be read.
  package var rate = 0
  /// Channels of the file; 0 where it could not be read.
  package var channels = 0
  /// The first folder below INPUT; empty for a file directly in it.
  package var label = ""
  /// How many slices it gave.
  package var slices = 0
  /// Why it gave none: the rest of a sentence that the path begins.
  package var skipped: String?
  /// Bytes of the file; nil where they could not be read, so that the next run tries again.
  package var bytes: Int?
  /// CRC-32 and Adler-32 of those bytes, eight hexadecimal digits each: what the next run knows the
  /// file by.
  package var checksum: String?
  /// Samples of the file beyond ±1, which were used as they are; nil where there were none.
  package var beyondFullScale: Int?

  /// Whether `other` is a file of the same name and label, byte by byte.
  func isPlaced(as other: Source) -> Bool {
    PlaceInInputs(self) == PlaceInInputs(other) && label.utf8.elementsEqual(other.label.utf8)
  }

  private enum CodingKeys: String, CodingKey {
    case path, input, frames, rate, channels, label, slices, skipped, bytes, checksum
    case beyondFullScale = "beyond_full_scale"
  }
}

/// A file that gave nothing, and why.
package struct SkippedSource: Encodable, Equatable, Sendable {
  /// The path with its INPUT's, as the caller can find it.
  package var path: String
  /// The rest of a sentence that the path begins: "is empty: it has 0 bytes; copy it again."
  package var reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// A file that was used, with samples beyond ±1.
package struct LoudSource: Encodable, Equatable, Sendable {
  /// The path with its INPUT's, as the caller can find it.
  package var path: String
  /// How many there are.
  package var samples: Int
}
