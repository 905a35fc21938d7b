/// One file that was found, and what became of it: a row of `sources.jsonl`.
public struct Source: Codable, Equatable, Sendable {
  /// The path below its INPUT, or a file's own name where that was the INPUT.
  ///
  /// Bytes that are not UTF-8 stand as `\x` and two hexadecimal digits; such a file is never used.
  public var path: String
  /// The INPUT as it was given; there only where there were several.
  public var input: String?
  /// Frames in the file; 0 where it could not be read.
  public var frames = 0
  /// Frames a second of the file, in hertz; 0 where it could not be read.
  public var rate = 0
  /// Channels of the file; 0 where it could not be read.
  public var channels = 0
  /// The first folder below INPUT; empty for a file directly in it.
  public var label = ""
  /// How many slices it gave.
  public var slices = 0
  /// Why it gave none: the rest of a sentence that the path begins.
  public var skipped: String?
  /// Bytes of the file; nil where they could not be read, so that the next run tries again.
  public var bytes: Int?
  /// CRC-32 and Adler-32 of those bytes, eight hexadecimal digits each: what the next run knows the file by.
  public var checksum: String?
  /// Samples of the file beyond ±1, which were used as they are; nil where there were none.
  public var beyondFullScale: Int?

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
public struct SkippedSource: Encodable, Equatable, Sendable {
  /// The path with its INPUT's, as the caller can find it.
  public var path: String
  /// The rest of a sentence that the path begins: "is empty: it has 0 bytes; copy it again."
  public var reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }
}

/// A file that was used, with samples beyond ±1.
public struct LoudSource: Encodable, Equatable, Sendable {
  /// The path with its INPUT's, as the caller can find it.
  public var path: String
  /// How many there are.
  public var samples: Int
}
