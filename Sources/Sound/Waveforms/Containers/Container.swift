internal import SpecGANErrors

/// The containers that are read. What is in them is told from the file's own bytes, before
/// libsndfile sees any: nothing that is not on the list reaches it, nor does it look for itself.
enum Container: Equatable {
  case wav, aiff, flac, ogg, mpeg

  /// What a file is.
  struct Finding {
    var container: Container
    /// The bytes that libsndfile gets to see: the samples or the stream, and nothing around them.
    var extent: Range<Int>
    /// How the samples lie there, where they are not compressed.
    var layout: PCMLayout?
    /// How many frames are promised, where we have read that ourselves.
    var promisedFrames: Int?
    /// Whether libsndfile's count is not to be relied on.
    var isEstimated = false
  }

  /// Tells what `file` is by its first bytes, never by its name.
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

  /// Where the sound begins: behind the ID3v2 tags that MP3 and a few FLAC files begin with.
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
  /// Samples that are not compressed.
  fileprivate init(_ container: Container, _ layout: PCMLayout, from start: Int, frames: Int) {
    self.init(
      container: container, extent: start..<start + frames * layout.frameLength, layout: layout,
      promisedFrames: frames)
  }
}

/// The tags of names and pictures that people put before sounds, and between them.
///
/// Source: <https://id3.org/id3v2.4.0-structure>, section 3.1: seven bits of every size byte count.
enum ID3Tag {
  /// Bytes of the whole tag whose first ten are `head`; `nil` where that is none.
  static func length(_ head: [UInt8]) -> Int? {
    guard head.count == 10, head.holds("ID3") else { return nil }
    let size = head[6..<10].reduce(0) { $0 << 7 | Int($1 & 0x7F) }
    return 10 + size + (head[5] & 0x10 != 0 ? 10 : 0)
  }

  /// A tag that says nothing, in zeros: libsndfile loses its place behind one of fewer than 12
  /// bytes.
  static let empty: [UInt8] =
    Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 10] + Array(repeating: 0, count: 10)
}
