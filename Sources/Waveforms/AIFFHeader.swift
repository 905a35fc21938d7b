// Source: Apple, "Audio Interchange File Format AIFF-C", draft of 1991-08-26.

/// What is read of an AIFF's or AIFC's header before libsndfile sees it.
enum AIFFHeader {
  private struct Common {
    var frames: Int
    var frameLength: Int  // bytes
  }

  private static let compressions: Set<String> = [
    "NONE", "twos", "sowt", "raw ", "in24", "42ni", "in32", "23ni", "fl32", "FL32", "fl64", "FL64",
  ]

  /// How many frames the common chunk promises.
  ///
  /// - Throws: ``AudioFileError`` where the encoding is not on the list or bytes are missing.
  static func promisedFrames(of file: borrowing InputFile) throws(AudioFileError) -> Int {
    let isCompressed = try file.bytes(at: 8, count: 4).holds("AIFC")
    var common: Common?
    var soundStart: Int?
    var chunks = ChunkWalk(order: .big)
    while common == nil || soundStart == nil, let chunk = try chunks.next(in: file) {
      if chunk.name == "COMM" {
        let body = try file.bytes(at: chunk.start, count: min(chunk.size, 22))
        common = try checkedCommon(body, isCompressed: isCompressed, path: file.path)
      } else if chunk.name == "SSND" {
        soundStart = chunk.start + 8  // behind its offset and block size
      }
    }
    guard let common else { throw .unfinished(path: file.path) }
    guard common.frames > 0 else { throw .noSamples(path: file.path) }
    let available = max(0, file.byteCount - (soundStart ?? file.byteCount))
    guard available / common.frameLength >= common.frames else {
      throw .truncated(
        path: file.path, framesFound: available / common.frameLength, framesPromised: common.frames)
    }
    return common.frames
  }

  private static func checkedCommon(
    _ body: [UInt8], isCompressed: Bool, path: String
  ) throws(AudioFileError) -> Common {
    guard body.count >= (isCompressed ? 22 : 18) else { throw .unfinished(path: path) }
    if isCompressed {
      let name = String(decoding: body[18..<22], as: UTF8.self)
      guard compressions.contains(name) else {
        throw .unsupported(path: path, encoding: "AIFC of the kind “\(name)”")
      }
    }
    let channels = body.bigEndian(at: 0, count: 2)
    let bits = body.bigEndian(at: 6, count: 2)
    guard channels > 0 else { throw .damaged(path: path, reason: "it has no channels") }
    guard (8...32).contains(bits) || (isCompressed && bits == 64) else {
      throw .unsupported(path: path, encoding: "PCM of \(bits) bits")
    }
    return Common(
      frames: body.bigEndian(at: 2, count: 4), frameLength: channels * ((bits + 7) / 8))
  }
}
