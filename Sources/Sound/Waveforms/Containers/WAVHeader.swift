// Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", chapter 3, and
// "Multiple Channel Audio Data and WAVE Files" for format tag 0xFFFE; ITU-R BS.2088-1 for RF64 and
// BW64.
internal import SpecGANErrors

/// The chunks of a WAV file and its relatives: RIFX, RF64, BW64 and Wave64. libsndfile reads only
/// the samples.
enum WAVHeader {
  /// Returns the style of the chunks if `head` is the beginning of such a file.
  static func style(of head: [UInt8]) -> ChunkWalk.Style? {
    if Wave64.isFile(head) { return .wave64 }
    guard head.holds("WAVE", at: 8) else { return nil }
    if head.holds("RIFF") || head.holds("RF64") || head.holds("BW64") { return .riff }
    return head.holds("RIFX") ? .iff : nil
  }

  /// Parses the chunks of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or the samples are missing.
  static func stream(
    of file: borrowing InputFile, _ style: ChunkWalk.Style, _ faults: inout Faults
  ) throws(SpecGANError) -> SoundStream {
    var chunks = ChunkWalk(style)
    var found = Chunks()
    while found.data == nil, let chunk = try chunks.next(in: file) {
      try found.take(chunk, in: file)
    }
    if found.data == nil { found.data = try ChunkWalk.search("data", style, in: file) }
    guard let data = found.data else { throw .unfinished(path: file.path) }
    if found.format == nil, let format = try ChunkWalk.search("fmt ", style, in: file),
      format.start < data.start
    {
      try found.take(format, in: file)
    }
    guard let body = found.format else {
      throw .damaged(path: file.path, reason: "its samples come before their format")
    }
    let format = try WAVFormat(body, style.order, path: file.path)
    let size = data.size == 0xFFFF_FFFF ? found.longSize ?? data.size : data.size
    var isUnclosed = style != .wave64 && data.size == 0
    if isUnclosed {
      isUnclosed = try SampleExtent.isUnclosed(from: data.start, style.order, in: file)
    }
    let range = try SampleExtent(
      style: style, unit: format.unit, framesPerUnit: format.framesPerUnit
    ).range(
      from: data.start, promised: size,
      isUnclosed: isUnclosed, in: file, &faults)
    return try format.stream(range, in: file, frames: found.frames)
  }

  private struct Chunks {
    var format: [UInt8]?
    var data: ChunkWalk.Chunk?
    /// The size of the samples in the chunk `ds64`, which RF64 has for sizes beyond 32 bits.
    var longSize: Int?
    /// The number of frames in the chunk `fact`.
    var frames: Int?

    mutating func take(
      _ chunk: ChunkWalk.Chunk, in file: borrowing InputFile
    ) throws(SpecGANError) {
      switch chunk.name {
      case "fmt " where format == nil:
        format = try file.bytes(at: chunk.start, count: min(chunk.size, 64))
      case "ds64" where longSize == nil:
        let body = try file.bytes(at: chunk.start, count: min(chunk.size, 16))
        if body.count == 16 {
          let size = body.littleEndian(at: 8, count: 8)
          longSize = (0..<1 << 60).contains(size) ? size : .max
        }
      case "fact" where frames == nil && chunk.size >= 4:
        let body = try file.bytes(at: chunk.start, count: 4)
        if body.count == 4 { frames = body.littleEndian(at: 0, count: 4) }
      case "data": data = chunk
      default: break
      }
    }
  }
}
