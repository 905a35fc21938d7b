/// The containers that are read. Nothing else reaches libsndfile, whose rarer decoders are its weak ones.
enum Container: Equatable {
  case wav, aiff, flac, ogg, mpeg

  /// A file's container and how many frames it promises, where we have read that ourselves.
  struct Finding {
    var container: Container
    var promisedFrames: Int?
    var unclosed: RawSamples?
    var isEstimated = false  // whether libsndfile's count is not to be relied on
  }

  /// Tells what `file` is by its first bytes, never by its name.
  static func find(in file: borrowing InputFile) throws(AudioFileError) -> Finding {
    let start = try soundStart(in: file)
    let head = try file.bytes(at: start, count: 512)
    if start == 0 {
      if head.holds("RIFF"), head.holds("WAVE", at: 8) {
        let header = try WAVHeader(of: file)
        return Finding(
          container: .wav, promisedFrames: header.promisedFrames, unclosed: header.unclosed)
      }
      if head.holds("FORM"), head.holds("AIFF", at: 8) || head.holds("AIFC", at: 8) {
        return Finding(container: .aiff, promisedFrames: try AIFFHeader.promisedFrames(of: file))
      }
      if head.holds("OggS") {
        try checkOgg(head, path: file.path)
        return Finding(container: .ogg)
      }
    }
    if head.holds("fLaC") { return Finding(container: .flac) }
    if let stream = try MPEGStream(start: start, head: head, in: file) {
      return Finding(
        container: .mpeg, promisedFrames: stream.promisedFrames, isEstimated: !stream.hasTable)
    }
    throw ForeignContent.error(for: head, path: file.path)
  }

  /// Where the sound begins: behind the ID3v2 tags that MP3 and a few FLAC files begin with.
  ///
  /// Source: <https://id3.org/id3v2.4.0-structure>, section 3.1: seven bits of every size byte count.
  private static func soundStart(in file: borrowing InputFile) throws(AudioFileError) -> Int {
    var start = 0
    for _ in 0..<4 {
      let head = try file.bytes(at: start, count: 10)
      guard head.count == 10, head.holds("ID3") else { return start }
      let size = head[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
      start += 10 + size + (head[5] & 0x10 != 0 ? 10 : 0)
    }
    return start
  }

  /// An Ogg stream says what it holds at the start of its first packet.
  ///
  /// Source: RFC 3533, section 6: the packet follows 27 bytes and a table as long as the last of them says.
  private static func checkOgg(_ head: [UInt8], path: String) throws(AudioFileError) {
    guard head.count > 27 else { throw .unfinished(path: path) }
    let packet = 27 + Int(head[26])
    guard head.count >= packet + 8 else { throw .unfinished(path: path) }
    if head.holds("\u{1}vorbis", at: packet) || head.holds("OpusHead", at: packet) { return }
    let known = [
      "\u{7F}FLAC": "FLAC in Ogg", "Speex": "Speex", "\u{80}theora": "video", "fishead": "video",
    ]
    let name = known.first { head.holds($0.key, at: packet) }?.value
    throw .unsupported(path: path, encoding: name ?? "an unknown encoding in Ogg")
  }
}
