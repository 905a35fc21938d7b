internal import SpecGANErrors
internal import SpecGANFiles

/// The kinds of streams that libsndfile decodes. The contents are recognized from the file's bytes
/// before libsndfile sees any, so that it gets only supported formats and does no recognition of
/// its own.
enum Container: Equatable {
  /// Samples that are stored one by one, in any container.
  case pcm
  /// ADPCM of a WAV file.
  case adpcm
  case flac, ogg, mpeg

  /// The name of a container, such as `WAV`, and the streams in it.
  typealias Found = (name: String, streams: [SoundStream])

  /// Finds the audio of `file` by its bytes, not by its name.
  ///
  /// - Returns: the name of the container, and the streams, to be decoded one after the other.
  /// - Throws: ``SpecGANError`` if it is not audio, not supported, or damaged.
  static func find(
    in file: inout InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> Found {
    file.skip(try soundStart(in: file))
    if let found = try streams(in: file, &faults) { return found }
    let head = try file.bytes(at: 0, count: 512)
    // Only of a file that may be meant as audio: others hold audio among other data.
    guard AudioFile.isNamedLikeAudio(file.path) || file.path.fileExtension.isEmpty,
      !ForeignContent.isKnown(head), !ForeignContent.isText(head),
      let start = try SoundSearch.start(in: file)
    else { throw ForeignContent.error(for: head, path: file.path) }
    faults.remark("has \(start) bytes before its audio, which are ignored")
    file.skip(start)
    guard let found = try streams(in: file, &faults) else {
      throw ForeignContent.error(for: head, path: file.path)
    }
    return found
  }

  /// Returns the streams of a file that begins with its audio; nil if it is no known audio.
  private static func streams(
    in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> Found? {
    let head = try file.bytes(at: 0, count: 512)
    if let style = WAVHeader.style(of: head) {
      return ("WAV", [try WAVHeader.stream(of: file, style, &faults)])
    }
    if AIFFHeader.isFile(head) { return ("AIFF", [try AIFFHeader.stream(of: file, &faults)]) }
    if head.holds("caff") { return ("CAF", [try CAFHeader.stream(of: file, &faults)]) }
    if let order = AUHeader.order(of: head) {
      return ("AU", [try AUHeader.stream(of: file, order, &faults)])
    }
    if head.holds(SPHEREHeader.mark) {
      return ("NIST SPHERE", [try SPHEREHeader.stream(of: file, &faults)])
    }
    if head.holds(OggPage.mark) {
      try OggHeader.check(file)
      return ("OGG", try OggStreams(of: file, &faults).streams)
    }
    if head.holds(FLACHeader.mark) {
      return ("FLAC", try FLACStream.find(in: file, from: 0, &faults))
    }
    return try MPEGStreams(start: 0, head: head, in: file, &faults).map { ("MPEG", $0.streams) }
  }

  /// Returns whether a file that starts with `head` is one of a known container, MP3 apart.
  static func isKnown(_ head: [UInt8]) -> Bool {
    WAVHeader.style(of: head) != nil || AIFFHeader.isFile(head) || AUHeader.order(of: head) != nil
      || ["caff", SPHEREHeader.mark, OggPage.mark, FLACHeader.mark].contains { head.holds($0) }
  }

  /// Returns the offset of the audio: after zeros and the ID3v2 tags that MP3 and other files begin
  /// with.
  private static func soundStart(in file: borrowing InputFile) throws(SpecGANError) -> Int {
    var start = 0
    for _ in 0..<4 {
      let end = try Trailer.zerosEnd(from: start, in: file)
      // Some formats begin with a few zeros.
      let next = end - start >= fewestZeros ? end : start
      let length = ID3Tag.length(try file.bytes(at: next, count: 10)) ?? 0
      guard next + length < file.byteCount else { return start }
      start = next + length
      if length == 0 { break }
    }
    return start
  }

  private static let fewestZeros = 8
}

/// The search for audio after other bytes: a lost beginning, or a header of another program.
private enum SoundSearch {
  private static let longest = 1 << 16  // bytes
  private static let frameCount = 5  // of MP3, in a row

  /// Returns the offset of the first audio in the first 64 KiB of `file`; nil if there is none.
  ///
  /// - Throws: ``SpecGANError`` if a stream of FLAC or Ogg is there whose beginning is missing.
  static func start(in file: borrowing InputFile) throws(SpecGANError) -> Int? {
    let bytes = try file.bytes(at: 0, count: longest + 64)
    var numbers: Set<Int> = []
    for place in bytes.indices.dropFirst().prefix(longest) where firsts.contains(bytes[place]) {
      if bytes[place] == 0xFF {
        if try isMPEG(place, in: file) { return place }
        guard let frame = FLACFrame(Array(bytes[place...].prefix(FLACFrame.longestHead))) else {
          continue
        }
        if numbers.contains(frame.number - (frame.isVariable ? frame.sampleCount : 1)) {
          throw .damaged(path: file.path, reason: "it is FLAC without its beginning")
        }
        numbers.insert(frame.number)
      } else if bytes.holds(OggPage.mark, at: place) {
        guard let page = try OggPage(at: place, in: file) else { continue }
        if page.isFirst { return place }
        throw .damaged(path: file.path, reason: "it is Ogg without its beginning")
      } else if Container.isKnown(Array(bytes[place...].prefix(40))) {
        return place
      }
    }
    return nil
  }

  /// The first bytes of audio files and of frames.
  private static let firsts = Set([0xFF] + Array("RFOfrc.dN".utf8))

  /// Returns whether frames of MP3 in a row begin at `place`.
  private static func isMPEG(
    _ place: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    guard let first = MPEGFrame(try file.bytes(at: place, count: 4)) else { return false }
    var end = place + first.byteCount
    for _ in 1..<frameCount {
      guard let frame = MPEGFrame(try file.bytes(at: end, count: 4)), frame.continues(first) else {
        return false
      }
      end += frame.byteCount
    }
    return true
  }
}

/// ID3v2 tags, which hold titles and pictures, before or between audio data.
///
/// Source: <https://id3.org/id3v2.4.0-structure>, section 3.1: seven bits of every size byte are
/// used.
enum ID3Tag {
  /// Returns the size in bytes of the tag whose first ten bytes are `head`; nil if that is not a
  /// tag.
  static func length(_ head: [UInt8]) -> Int? {
    guard head.count == 10, head.holds("ID3") else { return nil }
    let size = head[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
    return 10 + size + (head[5] & 0x10 != 0 ? 10 : 0)
  }

  /// A tag without contents, padded with zeros: libsndfile loses its position after a tag of fewer
  /// than 12 bytes.
  static let empty: [UInt8] =
    Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 10] + Array(repeating: 0, count: 10)
}
