internal import SpecGANErrors

/// The supported containers. The contents are recognized from the file's bytes before libsndfile
/// sees any, so that libsndfile gets only supported formats and does no recognition of its own.
enum Container: Equatable {
  case wav, aiff, flac, ogg, mpeg

  /// The container of a file and the position of its audio.
  struct Finding {
    var container: Container
    /// The byte range that libsndfile reads: the samples or the stream, and nothing around them.
    var extent: Range<Int>
    /// The layout of the samples; nil if they are compressed.
    var layout: PCMLayout?
    /// The number of frames by the header; nil if the header was not parsed here.
    var promisedFrames: Int?
    /// Whether libsndfile's frame count is only an estimate.
    var isEstimated = false
  }

  /// Returns the container of `file`, by its first bytes, not by its name.
  static func find(in file: borrowing InputFile) throws(SpecGANError) -> Finding {
    let start = try soundStart(in: file)
    let head = try file.bytes(at: start, count: 512)
    if start == 0 {
      if head.holds("RIFF"), head.holds("WAVE", at: 8) {
        let header = try WAVHeader(of: file)
        return Finding(.wav, header.layout, from: header.start, frames: header.promisedFrames)
      }
      if head.holds("FORM"), head.holds("AIFF", at: 8) || head.holds("AIFC", at: 8) {
        let header = try AIFFHeader(of: file)
        return Finding(.aiff, header.layout, from: header.start, frames: header.promisedFrames)
      }
      if head.holds("OggS") {
        try OggHeader.check(file)
        return Finding(container: .ogg, extent: 0..<file.byteCount)
      }
    }
    if head.holds("fLaC") {
      let header = try FLACHeader(head, path: file.path)
      return Finding(
        container: .flac, extent: start..<file.byteCount, promisedFrames: header.promisedFrames)
    }
    if let stream = try MPEGStream(start: start, head: head, in: file) {
      return Finding(
        container: .mpeg, extent: stream.extent, promisedFrames: stream.promisedFrames,
        isEstimated: !stream.hasTable)
    }
    throw ForeignContent.error(for: head, path: file.path)
  }

  /// Returns the offset of the audio: after the ID3v2 tags that MP3 and a few FLAC files begin
  /// with.
  private static func soundStart(in file: borrowing InputFile) throws(SpecGANError) -> Int {
    var start = 0
    for _ in 0..<4 {
      guard let length = ID3Tag.length(try file.bytes(at: start, count: 10)) else { return start }
      start += length
    }
    return start
  }
}

extension Container.Finding {
  /// Creates a finding of uncompressed samples.
  fileprivate init(_ container: Container, _ layout: PCMLayout, from start: Int, frames: Int) {
    self.init(
      container: container, extent: start..<start + frames * layout.frameLength, layout: layout,
      promisedFrames: frames)
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
