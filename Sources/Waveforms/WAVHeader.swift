// Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", chapter 3, and
// "Multiple Channel Audio Data and WAVE Files" for format tag 0xFFFE.

/// What is read of a WAV's header before libsndfile sees it.
enum WAVHeader {
  /// How many frames the data chunk promises; `nil` where the file was written as a stream, and its
  /// length was not known.
  ///
  /// - Throws: ``AudioFileError`` where the encoding is not on the list or bytes are missing.
  static func promisedFrames(of file: borrowing InputFile) throws(AudioFileError) -> Int? {
    var frameLength: Int?  // bytes
    var chunks = ChunkWalk(order: .little)
    while let chunk = try chunks.next(in: file) {
      if chunk.name == "fmt ", frameLength == nil {
        let body = try file.bytes(at: chunk.start, count: min(chunk.size, 40))
        frameLength = try checkedFrameLength(body, path: file.path)
      }
      guard chunk.name == "data" else { continue }
      guard let frameLength else {
        throw .damaged(path: file.path, reason: "its samples come before their format")
      }
      return try checkedFrames(of: chunk, frameLength: frameLength, in: file)
    }
    throw .unfinished(path: file.path)
  }

  /// The bytes of a frame.
  private static func checkedFrameLength(_ body: [UInt8], path: String) throws(AudioFileError)
    -> Int
  {
    guard body.count >= 16 else { throw .unfinished(path: path) }
    let channels = body.littleEndian(at: 2, count: 2)
    let bits = body.littleEndian(at: 14, count: 2)
    switch try encoding(of: body, path: path) {
    case 1 where (8...32).contains(bits): break
    case 3 where bits == 32 || bits == 64: break
    case 1: throw .unsupported(path: path, encoding: "PCM of \(bits) bits")
    case 3: throw .unsupported(path: path, encoding: "floating point of \(bits) bits")
    case let tag: throw .unsupported(path: path, encoding: name(ofTag: tag))
    }
    guard channels > 0 else { throw .damaged(path: path, reason: "it has no channels") }
    return channels * ((bits + 7) / 8)
  }

  /// The format tag, or the one that an extensible format stands for.
  private static func encoding(of body: [UInt8], path: String) throws(AudioFileError) -> Int {
    let tag = body.littleEndian(at: 0, count: 2)
    guard tag == 0xFFFE else { return tag }
    guard body.count == 40 else { throw .unfinished(path: path) }
    let rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    guard Array(body[26..<40]) == rest else {
      throw .unsupported(path: path, encoding: "an unknown encoding in an extensible WAV")
    }
    return body.littleEndian(at: 24, count: 2)
  }

  private static func checkedFrames(
    of data: ChunkWalk.Chunk, frameLength: Int, in file: borrowing InputFile
  ) throws(AudioFileError) -> Int? {
    let available = file.byteCount - data.start
    let whole = try file.bytes(at: 4, count: 4).littleEndian(at: 0, count: 4) + 8
    // What ffmpeg and SoX write where they cannot know. A file closed with no samples says 0 too, but
    // its outer size is right.
    let isStreamed =
      data.size == 0xFFFF_FFFF || data.size == 0x7FFF_F000
      || (data.size == 0 && available > 0 && whole < file.byteCount - 1)
    let promised = isStreamed ? available : data.size
    guard promised >= frameLength else { throw .noSamples(path: file.path) }
    guard promised <= available else {
      throw .truncated(
        path: file.path, framesFound: available / frameLength,
        framesPromised: promised / frameLength)
    }
    return promised / frameLength
  }

  private static func name(ofTag tag: Int) -> String {
    let names = [
      0x02: "Microsoft ADPCM", 0x06: "A-law", 0x07: "µ-law", 0x11: "IMA ADPCM", 0x31: "GSM 6.10",
      0x50: "MPEG layer II", 0x55: "MP3 in WAV", 0xFF: "AAC", 0x161: "Windows Media Audio",
    ]
    return names[tag] ?? "WAV encoding 0x\(String(tag, radix: 16, uppercase: true))"
  }
}
