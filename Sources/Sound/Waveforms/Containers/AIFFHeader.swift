// Source: Apple, "Audio Interchange File Format AIFF-C", draft of 1991-08-26.
internal import SpecGANErrors

/// The chunks of an AIFF or AIFC file; libsndfile reads only the samples.
enum AIFFHeader {
  /// Returns whether a file that starts with `head` is one.
  static func isFile(_ head: [UInt8]) -> Bool {
    head.holds("FORM") && (head.holds("AIFF", at: 8) || head.holds("AIFC", at: 8))
  }

  /// Parses the chunks of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  static func stream(
    of file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> SoundStream {
    let isCompressed = try file.bytes(at: 8, count: 4).holds("AIFC")
    var common: ChunkWalk.Chunk?
    var sound: ChunkWalk.Chunk?
    var chunks = ChunkWalk(.iff)
    while common == nil || sound == nil, let chunk = try chunks.next(in: file) {
      if chunk.name == "COMM", common == nil { common = chunk }
      if chunk.name == "SSND", sound == nil { sound = chunk }
    }
    if common == nil { common = try ChunkWalk.search("COMM", .iff, in: file) }
    if sound == nil { sound = try ChunkWalk.search("SSND", .iff, in: file) }
    guard let common else { throw .unfinished(path: file.path) }
    let body = try file.bytes(at: common.start, count: min(common.size, 22))
    let (frames, layout) = try Self.common(body, isCompressed: isCompressed, path: file.path)
    guard let sound else {
      guard frames > 0 else { throw .noSamples(path: file.path) }
      throw .truncated(path: file.path, framesFound: 0, framesPromised: frames)
    }
    return layout.stream(try samples(of: sound, layout, frames: frames, in: file, &faults))
  }

  /// Returns the byte range of the samples in a sound chunk: after its offset, its block size and
  /// the bytes that the offset skips.
  private static func samples(
    of chunk: ChunkWalk.Chunk, _ layout: PCMLayout, frames: Int, in file: borrowing InputFile,
    _ faults: inout Faults
  ) throws(SpecGANError) -> Range<Int> {
    let body = try file.bytes(at: chunk.start, count: 8)
    guard body.count == 8 else {
      guard frames > 0 else { throw .noSamples(path: file.path) }
      throw .truncated(path: file.path, framesFound: 0, framesPromised: frames)
    }
    var start = chunk.start + 8 + body.bigEndian(at: 0, count: 4)
    if start >= file.byteCount { start = chunk.start + 8 }  // an offset beyond the end is wrong
    let promised = frames * layout.frameLength
    let size = chunk.start + chunk.size - start
    // Both lengths are right, or neither is believed. A chunk may have a few bytes of padding.
    let isAgreed = size >= promised && size - promised < max(16, layout.frameLength)
    let extent = SampleExtent(style: .iff, unit: layout.frameLength)
    if isAgreed || size <= 0 {
      var isUnclosed = promised == 0 && size <= 0
      if isUnclosed { isUnclosed = try SampleExtent.isUnclosed(from: start, .big, in: file) }
      return try extent.range(
        from: start, promised: promised, isUnclosed: isUnclosed, in: file, &faults)
    }
    var quiet = Faults(allowsDamage: false, longestDuration: faults.longestDuration)
    let range = try extent.range(from: start, promised: size, in: file, &quiet)
    let found = range.count / layout.frameLength
    let isUnknown = frames == 0 || frames >= 1 << 31 - 1 || promised >= 1 << 31 - 4096
    if found != frames, !isUnknown { faults.remarkLength(given: frames, found: found) }
    return range
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
    // The size is that of the decoded samples.
    case "ulaw", "ULAW": (number, bits) = (.muLaw, 8)
    case "alaw", "ALAW": (number, bits) = (.aLaw, 8)
    case "raw " where bits == 8: number = .unsigned
    default: throw .unsupported(path: path, encoding: "AIFC of \(printable(kind))")
    }
    byteCount = (bits + 7) / 8
    guard number == .float || (8...32).contains(bits) else {
      throw .unsupported(path: path, encoding: "PCM of \(bits) bits")
    }
  }
}

/// Returns a name for the code `kind` of an encoding that can be printed: bytes of a file could
/// contain terminal control sequences.
func printable(_ kind: String) -> String {
  let isPrintable = kind.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
  return isPrintable ? "the kind “\(kind)”" : "an unknown kind"
}
