internal import SpecGANErrors

/// An iterator over the chunks of a file: a name, a size, that many bytes, and padding.
struct ChunkWalk {
  /// The family of a container.
  enum Style {
    /// RIFF: sizes have the lowest byte first.
    case riff
    /// IFF (AIFF) and RIFX: sizes have the highest byte first.
    case iff
    /// Wave64: names of 16 bytes, sizes of 8 that include name and size.
    case wave64
    /// CAF: sizes of 8 bytes, no padding.
    case caf

    /// The number of bytes before the first chunk.
    var start: Int {
      switch self {
      case .riff, .iff: 12
      case .wave64: 40
      case .caf: 8
      }
    }

    /// The number of bytes of name and size.
    var headLength: Int {
      switch self {
      case .riff, .iff: 8
      case .wave64: 24
      case .caf: 12
      }
    }

    var order: PCMLayout.ByteOrder { self == .riff || self == .wave64 ? .little : .big }

    /// Returns the first byte after a chunk that ends at `end`, with its padding.
    fileprivate func padded(_ end: Int) -> Int {
      switch self {
      case .riff, .iff: end + end % 2
      case .wave64: (end + 7) / 8 * 8
      case .caf: end
      }
    }

    /// Returns the size in `head` of the bytes after it; a negative or huge one becomes `.max`, the
    /// code for an unknown size.
    fileprivate func size(_ head: [UInt8]) -> Int {
      switch self {
      case .riff, .iff: return head.number(at: 4, count: 4, order)
      case .caf, .wave64:
        let place = headLength - 8
        let size = head.number(at: place, count: 8, order) - (self == .wave64 ? 24 : 0)
        return (0..<1 << 60).contains(size) ? size : .max
      }
    }
  }

  struct Chunk: Equatable {
    var name: String
    var start: Int  // of the bytes after name and size
    var size: Int  // by the file, even if it is truncated
  }

  private static let longest = 4096  // chunks; audio files have a dozen
  private static let searched = 1 << 20  // bytes
  private let style: Style
  private var position: Int
  private var count = 0

  init(_ style: Style) {
    self.style = style
    position = style.start
  }

  /// Returns the next chunk; nil if fewer bytes remain than a name and a size need.
  mutating func next(in file: borrowing InputFile) throws(SpecGANError) -> Chunk? {
    let head = try file.bytes(at: position, count: style.headLength)
    guard head.count == style.headLength else { return nil }
    count += 1
    guard count <= Self.longest else {
      throw .damaged(path: file.path, reason: "it has more than \(Self.longest) chunks")
    }
    let chunk = Self.chunk(head, at: position, style)
    guard chunk.size < .max - chunk.start else {
      position = file.byteCount
      return chunk
    }
    let end = chunk.start + chunk.size
    position = style.padded(end)
    // Some writers do not pad a chunk of odd size.
    if position != end, try !Self.hasName(at: position, in: file),
      try Self.hasName(at: end, in: file)
    {
      position = end
    }
    return chunk
  }

  /// Searches the beginning of `file` for a chunk called `name` that the walk did not reach,
  /// because a size before it is wrong; nil if there is none.
  static func search(
    _ name: String, _ style: Style, in file: borrowing InputFile
  ) throws(SpecGANError) -> Chunk? {
    guard style == .riff || style == .iff else { return nil }
    let bytes = try file.bytes(at: 0, count: searched)
    let mark = Array(name.utf8)
    var place = style.start
    while place + 8 <= bytes.count {
      if bytes[place] == mark[0], bytes[place..<place + 4].elementsEqual(mark) {
        return chunk(Array(bytes[place..<place + 8]), at: place, style)
      }
      place += 1
    }
    return nil
  }

  /// Returns whether a chunk begins at `place` that is plausible: its name is printable, and its
  /// size fits or its name is known.
  static func isChunk(
    at place: Int, _ style: Style, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    let head = try file.bytes(at: place, count: style.headLength)
    guard head.count == style.headLength, isName(head.prefix(4)) else { return false }
    let chunk = chunk(head, at: place, style)
    if style == .wave64, head[4...].starts(with: Wave64.tail) || head.holds("riff") { return true }
    // The size of the last chunk may count its padding, or may be cut off.
    return known.contains(chunk.name) || chunk.size <= file.byteCount - chunk.start + 1
  }

  private static let known: Set<String> = [
    "LIST", "INFO", "bext", "fact", "cue ", "smpl", "inst", "PEAK", "iXML", "id3 ", "ID3 ", "JUNK",
    "junk", "PAD ", "FLLR", "axml", "acid", "_PMX", "RIFF", "RIFX", "FORM", "NAME", "AUTH", "ANNO",
    "(c) ", "MARK", "INST", "COMT", "APPL", "MIDI", "AESD", "CHAN", "plst", "note", "labl", "adtl",
    "DISP", "LGWV", "strc", "cart", "levl", "SSND", "COMM", "data", "fmt ",
  ]

  private static func chunk(_ head: [UInt8], at place: Int, _ style: Style) -> Chunk {
    Chunk(
      name: String(decoding: head[..<4], as: UTF8.self), start: place + style.headLength,
      size: style.size(head))
  }

  private static func hasName(
    at place: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    isName(try file.bytes(at: place, count: 4)[...])
  }

  private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.count == 4 && bytes.allSatisfy { (0x20...0x7E).contains($0) }
  }
}

/// Wave64: chunks are named by GUIDs, the first four bytes of which are a name of RIFF.
///
/// Source: Sony, "Sony Wave64", appendix A.
enum Wave64 {
  /// The rest of the GUID of the file itself.
  static let outerTail: [UInt8] = [
    0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0, 0,
  ]
  /// The rest of the GUIDs of chunks.
  static let tail: [UInt8] = [
    0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A,
  ]

  /// Returns whether a file that starts with `head` is a Wave64 file.
  static func isFile(_ head: [UInt8]) -> Bool {
    head.holds("riff") && head.dropFirst(4).starts(with: outerTail) && head.holds("wave", at: 24)
  }
}
