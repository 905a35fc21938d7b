internal import SpecGANErrors

/// The encoding of a WAV file, as its format chunk gives it.
enum WAVFormat {
  case samples(PCMLayout, isPadded: Bool)
  case blocks(ADPCMLayout)

  /// Parses the bytes of a format chunk.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  init(_ body: [UInt8], _ order: PCMLayout.ByteOrder, path: String) throws(SpecGANError) {
    guard body.count >= 16 else { throw .unfinished(path: path) }
    func field(_ offset: Int, _ count: Int) -> Int {
      body.number(at: offset, count: count, order)
    }
    let bits = field(14, 2)
    let tag = try Self.tag(of: body, order, path: path)
    let number: PCMLayout.Number
    switch tag {
    case 1 where (8...32).contains(bits): number = bits == 8 ? .unsigned : .signed
    case 3 where bits == 32 || bits == 64: number = .float
    case 6 where bits == 8: number = .aLaw
    case 7 where bits == 8: number = .muLaw
    case 2 where bits == 4 && order == .little, 0x11 where bits == 4 && order == .little:
      self = .blocks(
        try ADPCMLayout(
          body, isMicrosoft: tag == 2, channels: field(2, 2), sampleRate: field(4, 4), path: path))
      return
    case 1: throw .unsupported(path: path, encoding: "PCM of \(bits) bits")
    case 3: throw .unsupported(path: path, encoding: "floating point of \(bits) bits")
    default: throw .unsupported(path: path, encoding: Self.name(ofTag: tag))
    }
    let (channels, frameLength) = (field(2, 2), field(12, 2))
    // Samples of 24 bits may be stored in 4 bytes.
    let isPadded = number == .signed && (17...24).contains(bits) && frameLength == 4 * channels
    let layout = try PCMLayout(
      number, byteCount: isPadded ? 4 : (bits + 7) / 8, order, channels: channels,
      sampleRate: field(4, 4), path: path)
    try Self.checkAlignment(frameLength, of: layout, bits: bits, path: path)
    self = .samples(layout, isPadded: isPadded)
  }

  /// The size of a frame, or of a block, in bytes.
  var unit: Int {
    switch self {
    case .samples(let layout, _): layout.frameLength
    case .blocks(let layout): layout.blockLength
    }
  }

  /// The number of frames in ``unit`` bytes.
  var framesPerUnit: Int {
    switch self {
    case .samples: 1
    case .blocks(let layout): layout.framesPerBlock
    }
  }

  /// Returns the stream of the bytes in `range`; the header gives `frames`, if anything.
  func stream(
    _ range: Range<Int>, in file: borrowing InputFile, frames: Int?
  ) throws(SpecGANError) -> SoundStream {
    switch self {
    case .samples(var layout, let isPadded):
      if isPadded { try layout.findPadding(in: range, of: file) }
      return layout.stream(range)
    case .blocks(let layout):
      return try layout.stream(range, frames: frames, path: file.path)
    }
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
  private static func tag(
    of body: [UInt8], _ order: PCMLayout.ByteOrder, path: String
  ) throws(SpecGANError) -> Int {
    let tag = body.number(at: 0, count: 2, order)
    guard tag == 0xFFFE else { return tag }
    guard body.count >= 40 else { throw .unfinished(path: path) }
    let rest: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    guard order == .little, Array(body[26..<40]) == rest else {
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

/// The layout of ADPCM in a WAV file: blocks of four bits a sample.
///
/// libsndfile decodes them from a WAV file whose header is made here.
/// Source: Microsoft, "New Multimedia Data Types and Data Techniques", 1994, for both kinds.
struct ADPCMLayout {
  private static let coefficients = [
    (256, 0), (512, -256), (0, 0), (192, 64), (240, 0), (460, -208), (392, -232),
  ]

  let blockLength: Int  // bytes
  let framesPerBlock: Int
  private let isMicrosoft: Bool
  private let channels: Int
  private let sampleRate: Int

  /// Parses the bytes of a format chunk.
  ///
  /// - Throws: ``SpecGANError`` if the channels, the rate, the size of blocks or the coefficients
  ///   are not supported.
  init(
    _ body: [UInt8], isMicrosoft: Bool, channels: Int, sampleRate: Int, path: String
  ) throws(SpecGANError) {
    try SoundFormat.check(channels: channels, sampleRate: sampleRate, path: path)
    let name = isMicrosoft ? "Microsoft ADPCM" : "IMA ADPCM"
    guard channels <= 2 else {
      throw .unsupported(path: path, encoding: "\(name) of \(channels) channels")
    }
    let length = body.littleEndian(at: 12, count: 2)
    let head = (isMicrosoft ? 7 : 4) * channels
    let isWhole = isMicrosoft || length.isMultiple(of: 4 * channels)
    guard length > head, isWhole else {
      throw .unsupported(path: path, encoding: "\(name) in blocks of \(length) bytes")
    }
    if isMicrosoft {
      let table = Self.coefficients.flatMap { Self.bytes($0.0, 2) + Self.bytes($0.1, 2) }
      guard body.count >= 50, Array(body[22..<50]) == table else {
        throw .unsupported(path: path, encoding: "\(name) with its own coefficients")
      }
    }
    self.isMicrosoft = isMicrosoft
    self.channels = channels
    self.sampleRate = sampleRate
    blockLength = length
    framesPerBlock = (length - head) * 2 / channels + (isMicrosoft ? 2 : 1)
  }

  /// Returns the stream of the blocks in `range`, of which the header gives `frames`.
  func stream(
    _ range: Range<Int>, frames: Int?, path: String
  ) throws(SpecGANError) -> SoundStream {
    let whole = range.count / blockLength * framesPerBlock
    guard range.count < 1 << 31, whole < 1 << 31 else { throw .tooLarge(path: path) }
    // The header's number counts only if it says how much of the last block is used.
    let isLastBlock = frames.map { $0 <= whole && $0 > whole - framesPerBlock } ?? false
    return SoundStream(
      container: .adpcm,
      pieces: [.made(header(byteCount: range.count, frames: whole)), .file(range)],
      promisedFrames: isLastBlock ? frames : whole, isPadded: true)
  }

  private func header(byteCount: Int, frames: Int) -> [UInt8] {
    var extra = Self.bytes(framesPerBlock, 2)
    if isMicrosoft {
      extra += Self.bytes(Self.coefficients.count, 2)
      extra += Self.coefficients.flatMap { Self.bytes($0.0, 2) + Self.bytes($0.1, 2) }
    }
    var format = Self.bytes(isMicrosoft ? 2 : 0x11, 2) + Self.bytes(channels, 2)
    format += Self.bytes(sampleRate, 4)
    format += Self.bytes(sampleRate * blockLength / framesPerBlock, 4)
    format += Self.bytes(blockLength, 2) + Self.bytes(4, 2) + Self.bytes(extra.count, 2) + extra
    var body = Array("WAVEfmt ".utf8) + Self.bytes(format.count, 4) + format
    body += Array("fact".utf8) + Self.bytes(4, 4) + Self.bytes(frames, 4)
    body += Array("data".utf8) + Self.bytes(byteCount, 4)
    return Array("RIFF".utf8) + Self.bytes(body.count + byteCount, 4) + body
  }

  private static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
