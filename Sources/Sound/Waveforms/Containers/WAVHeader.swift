// Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", chapter 3, and
// "Multiple Channel Audio Data and WAVE Files" for format tag 0xFFFE.
internal import SpecGANErrors

/// The parsed chunks of a WAV file; libsndfile reads only the samples.
struct WAVHeader {
  /// The layout of the samples.
  let layout: PCMLayout
  /// The offset of the samples, in bytes.
  let start: Int
  /// The number of frames, by the header or by the end of the file.
  let promisedFrames: Int

  /// Parses the chunks of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  init(of file: borrowing InputFile) throws(SpecGANError) {
    var layout: PCMLayout?
    var chunks = ChunkWalk(order: .little)
    while let chunk = try chunks.next(in: file) {
      if chunk.name == "fmt ", layout == nil {
        let body = try file.bytes(at: chunk.start, count: min(chunk.size, 40))
        layout = try Self.layout(body, path: file.path)
      }
      guard chunk.name == "data" else { continue }
      guard let layout else {
        throw .damaged(path: file.path, reason: "its samples come before their format")
      }
      self.layout = layout
      start = chunk.start
      promisedFrames = try Self.frames(of: chunk, frameLength: layout.frameLength, in: file)
      return
    }
    throw .unfinished(path: file.path)
  }

  /// Returns whether the header has a length of 0 although data follow: its writer was interrupted,
  /// or could not seek back. The header of a finished WAV file without samples also has 0, but its
  /// outer size is right.
  private static func isUnclosed(
    _ data: ChunkWalk.Chunk, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    let whole = try file.bytes(at: 4, count: 4).littleEndian(at: 0, count: 4) + 8
    return data.size == 0 && data.start < file.byteCount && abs(whole - file.byteCount) > 1
  }

  private static func frames(
    of data: ChunkWalk.Chunk, frameLength: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int {
    let available = file.byteCount - data.start
    // The sizes that ffmpeg and SoX write into a pipe, where the length is unknown.
    let isStreamed = data.size == 0xFFFF_FFFF || data.size == 0x7FFF_F000
    let isUnclosed = try isUnclosed(data, in: file)
    let promised = isStreamed || isUnclosed ? available : data.size
    guard promised >= frameLength else { throw .noSamples(path: file.path) }
    guard promised <= available else {
      throw .truncated(
        path: file.path, framesFound: available / frameLength,
        framesPromised: promised / frameLength)
    }
    return promised / frameLength
  }
}

// MARK: - The format chunk

extension WAVHeader {
  private static func layout(_ body: [UInt8], path: String) throws(SpecGANError) -> PCMLayout {
    guard body.count >= 16 else { throw .unfinished(path: path) }
    let bits = body.littleEndian(at: 14, count: 2)
    let tag = try tag(of: body, path: path)
    switch tag {
    case 1 where (8...32).contains(bits): break
    case 3 where bits == 32 || bits == 64: break
    case 1: throw .unsupported(path: path, encoding: "PCM of \(bits) bits")
    case 3: throw .unsupported(path: path, encoding: "floating point of \(bits) bits")
    default: throw .unsupported(path: path, encoding: name(ofTag: tag))
    }
    let number: PCMLayout.Number = tag == 3 ? .float : bits == 8 ? .unsigned : .signed
    let layout = try PCMLayout(
      number, byteCount: (bits + 7) / 8, .little, channels: body.littleEndian(at: 2, count: 2),
      sampleRate: body.littleEndian(at: 4, count: 4), path: path)
    try checkAlignment(body.littleEndian(at: 12, count: 2), of: layout, bits: bits, path: path)
    return layout
  }

  /// Rejects samples that are stored in more bytes than they need, because the padding would be
  /// read as samples.
  private static func checkAlignment(
    _ length: Int, of layout: PCMLayout, bits: Int, path: String
  ) throws(SpecGANError) {
    let channels = layout.channels
    guard length != layout.frameLength else { return }
    guard length > 0, length.isMultiple(of: channels) else {
      throw .damaged(
        path: path, reason: "its frames of \(channels) channels have \(length) bytes")
    }
    let kind = layout.number == .float ? "floating point" : "PCM"
    throw .unsupported(
      path: path, encoding: "\(kind) of \(bits) bits in \(length / channels) bytes")
  }

  /// Returns the format tag, or that of the subformat if it is extensible.
  private static func tag(of body: [UInt8], path: String) throws(SpecGANError) -> Int {
    let tag = body.littleEndian(at: 0, count: 2)
    guard tag == 0xFFFE else { return tag }
    guard body.count == 40 else { throw .unfinished(path: path) }
    let rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    guard Array(body[26..<40]) == rest else {
      throw .unsupported(path: path, encoding: "an unknown encoding in an extensible WAV")
    }
    return body.littleEndian(at: 24, count: 2)
  }

  private static func name(ofTag tag: Int) -> String {
    let names = [
      0x02: "Microsoft ADPCM", 0x06: "A-law", 0x07: "µ-law", 0x11: "IMA ADPCM", 0x31: "GSM 6.10",
      0x50: "MPEG layer II", 0x55: "MP3 in WAV", 0xFF: "AAC", 0x161: "Windows Media Audio",
    ]
    return names[tag] ?? "WAV encoding 0x\(String(tag, radix: 16, uppercase: true))"
  }
}
