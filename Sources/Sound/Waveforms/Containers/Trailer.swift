internal import SpecGANErrors

/// The data that may follow audio of any format: tags, and zeros as padding.
///
/// Source: <https://id3.org/ID3v1>, <https://id3.org/Lyrics3v2>, and
/// <https://wiki.hydrogenaud.io/index.php?title=APEv2_specification>.
enum Trailer {
  private static let largestCount = 64  // tags, or zeros and a tag; files have three
  private static let largestLyrics = 1 << 20  // bytes; the size field has six digits

  /// Returns the end of the tags and zeros that begin at `start`: the end of the file, or the
  /// offset of other data.
  static func end(from start: Int, in file: borrowing InputFile) throws(SpecGANError) -> Int {
    var position = start
    for _ in 0..<largestCount where position < file.byteCount {
      let next = try zerosEnd(from: position, in: file)
      let length = try tagLength(at: next, in: file)
      if next == position && length == 0 { break }
      position = next + length
    }
    return try position >= tagsStart(in: file) ? file.byteCount : position
  }

  /// Returns the offset of the tags at the end of `file` that are found from their ends: an ID3v1
  /// tag, and before it an APE tag that may have no header.
  private static func tagsStart(in file: borrowing InputFile) throws(SpecGANError) -> Int {
    var end = file.byteCount
    if end >= 128, try file.bytes(at: end - 128, count: 3).holds("TAG") { end -= 128 }
    guard end >= 32 else { return end }
    let foot = try file.bytes(at: end - 32, count: 32)
    guard foot.holds("APETAGEX"), foot[23] & 0x20 == 0 else { return end }
    let size = foot.littleEndian(at: 12, count: 4)
    return (32...end).contains(size) ? end - size : end
  }

  /// Returns whether a tag begins at `start`, or after zeros.
  static func hasTag(
    from start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    try tagLength(at: zerosEnd(from: start, in: file), in: file) > 0
  }

  /// Returns the offset of the first byte from `start` on that is not zero.
  static func zerosEnd(
    from start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int {
    var position = start
    while position < file.byteCount {
      let block = try file.bytes(at: position, count: 65_536)
      if let other = block.firstIndex(where: { $0 != 0 }) { return position + other }
      guard !block.isEmpty else { break }
      position += block.count
    }
    return position
  }

  /// Returns the size in bytes of the tag at `start`; 0 if there is none.
  private static func tagLength(
    at start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int {
    let head = try file.bytes(at: start, count: 32)
    if head.holds("TAG+") { return 227 }
    if head.holds("TAG") { return 128 }
    if head.holds("APETAGEX"), head.count == 32 { return apeLength(head) }
    if head.holds("LYRICSBEGIN") { return try lyricsLength(at: start, in: file) }
    return ID3Tag.length(Array(head.prefix(10))) ?? 0
  }

  /// Returns the size in bytes of the APE tag from `head` on. The size field excludes the header; a
  /// footer alone is 32 bytes, because the rest of its tag precedes it.
  private static func apeLength(_ head: [UInt8]) -> Int {
    let isHeader = head[23] & 0x20 != 0
    return isHeader ? 32 + head.littleEndian(at: 12, count: 4) : 32
  }

  private static func lyricsLength(
    at start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int {
    let bytes = try file.bytes(at: start, count: largestLyrics)
    let ends = [Array("LYRICSEND".utf8), Array("LYRICS200".utf8)]
    let end = bytes.indices.first { place in
      bytes[place] == ends[0][0] && ends.contains { bytes[place...].starts(with: $0) }
    }
    return end.map { $0 + 9 } ?? 0
  }
}
