internal import SpecGANErrors
internal import SpecGANFiles

/// The texts in an audio file that name its author and what it may be used for.
///
/// They are read from the INFO list of WAV files, the comments of FLAC, Ogg Vorbis and Opus files,
/// and two chunks of AIFF files; other formats have none.
package struct SoundRights: Codable, Hashable, Sendable {
  /// The author: `IART` in WAV, `ARTIST` in FLAC and Ogg, `AUTH` in AIFF.
  package var artist: String?
  /// The owner: `ICOP` in WAV, `COPYRIGHT` in FLAC and Ogg, `(c) ` in AIFF.
  package var copyright: String?
  /// The license: `LICENSE` in FLAC and Ogg.
  package var license: String?

  /// The largest number of characters of a text; the rest is cut off.
  private static let longest = 300

  package init(artist: String? = nil, copyright: String? = nil, license: String? = nil) {
    (self.artist, self.copyright, self.license) = (artist, copyright, license)
  }

  /// Reads the texts of `file`; none if they are damaged.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package init(of file: borrowing InputFile) throws(SpecGANError) {
    do throws(SpecGANError) {
      let texts = try Self.texts(of: file)
      artist = Self.cleaned(texts["IART"] ?? texts["ARTIST"] ?? texts["AUTH"])
      copyright = Self.cleaned(texts["ICOP"] ?? texts["COPYRIGHT"] ?? texts["(c) "])
      license = Self.cleaned(texts["LICENSE"])
    } catch {
      if error.systemFailure != nil { throw error }
    }
  }

  private static func texts(
    of file: borrowing InputFile
  ) throws(SpecGANError) -> [String: String] {
    let head = try file.bytes(at: 0, count: 512)
    if let style = WAVHeader.style(of: head) { return try WAVInformation.texts(of: file, style) }
    if AIFFHeader.isFile(head) { return try aiffTexts(of: file) }
    if head.holds(FLACHeader.mark) {
      return VorbisComments.texts(try FLACHeader.comments(in: file))
    }
    if head.holds(OggPage.mark) { return VorbisComments.texts(try OggHeader.comments(in: file)) }
    return [:]
  }

  private static func aiffTexts(
    of file: borrowing InputFile
  ) throws(SpecGANError) -> [String: String] {
    var texts: [String: String] = [:]
    var chunks = ChunkWalk(.iff)
    while let chunk = try chunks.next(in: file) {
      guard ["AUTH", "(c) "].contains(chunk.name) else { continue }
      let text = try file.bytes(at: chunk.start, count: min(chunk.size, longest * 4))
      texts[chunk.name] = String(text: text)
    }
    return texts
  }

  /// Returns `text` on one line; nil if nothing is left.
  private static func cleaned(_ text: String?) -> String? {
    let words = text?.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 } }
    let line = (words ?? []).joined(separator: " ").prefix(longest)
    return line.isEmpty ? nil : String(line)
  }
}

/// The comments of FLAC, Vorbis and Opus: `NAME=text`.
///
/// Source: Xiph.Org, "Ogg Vorbis I format specification: comment field and header specification".
private enum VorbisComments {
  /// Returns the text of each name, in capital letters, in the comments `bytes`; of equal names the
  /// first one.
  static func texts(_ bytes: [UInt8]) -> [String: String] {
    var place = 0
    func text() -> String? {
      guard place + 4 <= bytes.count else { return nil }
      let count = bytes.littleEndian(at: place, count: 4)
      guard count <= bytes.count - place - 4 else { return nil }
      defer { place += 4 + count }
      return String(decoding: bytes[place + 4..<place + 4 + count], as: UTF8.self)
    }
    // The program that wrote them, and their number.
    guard text() != nil, place + 4 <= bytes.count else { return [:] }
    place += 4
    var texts: [String: String] = [:]
    while let comment = text() {
      guard let end = comment.firstIndex(of: "=") else { continue }
      let name = comment[..<end].uppercased()
      if texts[name] == nil { texts[name] = String(comment[comment.index(after: end)...]) }
    }
    return texts
  }
}

extension FLACHeader {
  /// Returns the block of comments of the file; empty if it has none.
  fileprivate static func comments(
    in file: borrowing InputFile
  ) throws(SpecGANError) -> [UInt8] {
    var place = mark.utf8.count
    while true {
      let head = try file.bytes(at: place, count: 4)
      guard head.count == 4 else { return [] }
      let size = head.bigEndian(at: 1, count: 3)
      if head[0] & 0x7F == 4 { return try file.bytes(at: place + 4, count: size) }
      if head[0] & 0x80 != 0 { return [] }
      place += 4 + size
    }
  }
}

extension OggHeader {
  /// The largest packet of comments that is read, in bytes; those with pictures are larger.
  private static let longestComments = 1 << 18

  /// Returns the comments of the first stream: the second packet, without its mark; empty if there
  /// is none.
  fileprivate static func comments(
    in file: borrowing InputFile
  ) throws(SpecGANError) -> [UInt8] {
    var packets: [[UInt8]] = [[]]
    var offset = 0
    while packets.count < 3, packets[packets.count - 1].count < longestComments,
      let page = try OggPage(at: offset, in: file)
    {
      var body = page.body[...]
      for length in page.bytes[27..<27 + Int(page.bytes[26])] {
        packets[packets.count - 1] += body.prefix(Int(length))
        body = body.dropFirst(Int(length))
        if length < 255 { packets.append([]) }
      }
      offset += page.bytes.count
    }
    guard packets.count > 1 else { return [] }
    for mark in ["\u{3}vorbis", "OpusTags"] where packets[1].holds(mark) {
      return Array(packets[1].dropFirst(mark.utf8.count))
    }
    return []
  }
}
