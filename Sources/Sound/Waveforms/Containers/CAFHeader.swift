// Source: Apple, "Core Audio Format Specification 1.0".
internal import SpecGANErrors

/// The chunks of a CAF file; libsndfile reads only the samples.
enum CAFHeader {
  /// Parses the chunks of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  static func stream(
    of file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> SoundStream {
    var chunks = ChunkWalk(.caf)
    var description: [UInt8]?
    while let chunk = try chunks.next(in: file) {
      if chunk.name == "desc", description == nil {
        description = try file.bytes(at: chunk.start, count: min(chunk.size, 32))
      }
      guard chunk.name == "data" else { continue }
      guard let description else {
        throw .damaged(path: file.path, reason: "its samples come before their format")
      }
      var (layout, isPadded) = try layout(description, path: file.path)
      // The samples follow a count of edits.
      let range = try SampleExtent(style: .caf, unit: layout.frameLength).range(
        from: chunk.start + 4, promised: chunk.size == .max ? .max : max(0, chunk.size - 4),
        in: file, &faults)
      if isPadded { try layout.findPadding(in: range, of: file) }
      return layout.stream(range)
    }
    throw .unfinished(path: file.path)
  }

  private static func layout(
    _ body: [UInt8], path: String
  ) throws(SpecGANError) -> (layout: PCMLayout, isPadded: Bool) {
    guard body.count == 32 else { throw .unfinished(path: path) }
    let rate = Double(bitPattern: UInt64(truncatingIfNeeded: body.bigEndian(at: 0, count: 8)))
    let kind = String(decoding: body[8..<12], as: UTF8.self)
    let flags = body.bigEndian(at: 12, count: 4)
    let frameLength = body.bigEndian(at: 16, count: 4)
    let channels = body.bigEndian(at: 24, count: 4)
    let bits = body.bigEndian(at: 28, count: 4)
    let isFloat = flags & 1 != 0
    let order: PCMLayout.ByteOrder = flags & 2 != 0 ? .little : .big
    let number: PCMLayout.Number
    switch kind {
    case "lpcm" where isFloat && (bits == 32 || bits == 64): number = .float
    case "lpcm" where !isFloat && (8...32).contains(bits): number = .signed
    case "ulaw": number = .muLaw
    case "alaw": number = .aLaw
    case "lpcm":
      let name = isFloat ? "floating point" : "PCM"
      throw .unsupported(path: path, encoding: "\(name) of \(bits) bits")
    default: throw .unsupported(path: path, encoding: "CAF of \(printable(kind))")
    }
    let isPCM = kind == "lpcm"
    let isPadded =
      number == .signed && (17...24).contains(bits) && frameLength == 4 * channels
    let layout = try PCMLayout(
      number, byteCount: isPadded ? 4 : isPCM ? (bits + 7) / 8 : 1, order, channels: channels,
      sampleRate: (0...1e9).contains(rate) ? Int(rate.rounded()) : 0, path: path)
    guard frameLength == layout.frameLength else {
      throw .unsupported(
        path: path, encoding: "CAF of \(channels) channels in packets of \(frameLength) bytes")
    }
    return (layout, isPadded)
  }
}
