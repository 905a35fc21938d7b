// Source: Apple, "Audio Interchange File Format AIFF-C", draft of 1991-08-26.
internal import SpecGANErrors

/// The parsed chunks of an AIFF or AIFC file; libsndfile reads only the samples.
struct AIFFHeader {
  /// The layout of the samples.
  let layout: PCMLayout
  /// The offset of the samples, in bytes.
  let start: Int
  /// The number of frames.
  let promisedFrames: Int

  /// Parses the chunks of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  init(of file: borrowing InputFile) throws(SpecGANError) {
    let isCompressed = try file.bytes(at: 8, count: 4).holds("AIFC")
    var common: (frames: Int, layout: PCMLayout)?
    var samples: Range<Int>?
    var chunks = ChunkWalk(order: .big)
    while common == nil || samples == nil, let chunk = try chunks.next(in: file) {
      if chunk.name == "COMM", common == nil {
        let body = try file.bytes(at: chunk.start, count: min(chunk.size, 22))
        common = try Self.common(body, isCompressed: isCompressed, path: file.path)
      } else if chunk.name == "SSND", samples == nil {
        samples = try Self.samples(of: chunk, in: file)
      }
    }
    guard let common else { throw .unfinished(path: file.path) }
    guard common.frames > 0 else { throw .noSamples(path: file.path) }
    let found = (samples?.count ?? 0) / common.layout.frameLength
    guard let samples, found >= common.frames else {
      throw .truncated(path: file.path, framesFound: found, framesPromised: common.frames)
    }
    layout = common.layout
    start = samples.lowerBound
    promisedFrames = common.frames
  }

  /// Returns the byte range of the samples in a sound chunk: after its offset, its block size and
  /// the bytes that the offset skips, up to the end of the chunk or of the file.
  private static func samples(
    of chunk: ChunkWalk.Chunk, in file: borrowing InputFile
  ) throws(SpecGANError) -> Range<Int>? {
    let body = try file.bytes(at: chunk.start, count: min(chunk.size, 8))
    guard body.count == 8 else { return nil }
    let start = chunk.start + 8 + body.bigEndian(at: 0, count: 4)
    let end = min(chunk.start + chunk.size, file.byteCount)
    return start..<max(start, end)
  }

  private static func common(
    _ body: [UInt8], isCompressed: Bool, path: String
  ) throws(SpecGANError) -> (frames: Int, layout: PCMLayout) {
    guard body.count >= (isCompressed ? 22 : 18) else { throw .unfinished(path: path) }
    let kind = isCompressed ? String(decoding: body[18..<22], as: UTF8.self) : "NONE"
    let bits = body.bigEndian(at: 6, count: 2)
    let encoding = try Encoding(kind, bits: bits, path: path)
    let layout = try PCMLayout(
      encoding.number, byteCount: encoding.byteCount, encoding.byteOrder,
      channels: body.bigEndian(at: 0, count: 2), sampleRate: rate(Array(body[8..<18])), path: path)
    return (body.bigEndian(at: 2, count: 4), layout)
  }

  /// Returns the integer part of an 80-bit extended number: a sign and an exponent of 15 bits, then
  /// 64 bits of which the highest has the value 1. Returns 0 if it is not a valid rate.
  private static func rate(_ bytes: [UInt8]) -> Int {
    let exponent = bytes.bigEndian(at: 0, count: 2) - 16_383
    guard (0...31).contains(exponent) else { return 0 }
    return bytes.bigEndian(at: 2, count: 4) >> (31 - exponent)
  }
}

/// The encoding that an AIFC's compression type and sample size give.
private struct Encoding {
  var number = PCMLayout.Number.signed
  var byteCount: Int
  var byteOrder = PCMLayout.ByteOrder.big

  init(_ kind: String, bits: Int, path: String) throws(SpecGANError) {
    var bits = bits
    switch kind {
    case "NONE", "twos": break
    case "sowt": byteOrder = .little
    // These types define the size; the size in the header is wrong in some files, including SoX's.
    case "in24": bits = 24
    case "in32": bits = 32
    case "42ni": (bits, byteOrder) = (24, .little)
    case "23ni": (bits, byteOrder) = (32, .little)
    case "fl32", "FL32": (number, bits) = (.float, 32)
    case "fl64", "FL64": (number, bits) = (.float, 64)
    case "raw " where bits == 8: number = .unsigned
    default: throw .unsupported(path: path, encoding: "AIFC of \(Self.name(of: kind))")
    }
    byteCount = (bits + 7) / 8
    guard number == .float || (8...32).contains(bits) else {
      throw .unsupported(path: path, encoding: "PCM of \(bits) bits")
    }
  }

  /// Returns a printable name, because bytes of a file could contain terminal control sequences.
  private static func name(of kind: String) -> String {
    let isPrintable = kind.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
    return isPrintable ? "the kind “\(kind)”" : "an unknown kind"
  }
}
