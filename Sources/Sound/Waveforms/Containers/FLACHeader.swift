// Source: RFC 9639, sections 6, 8.1 and 8.2.
internal import SpecGANErrors

/// The metadata of a FLAC stream, parsed before libsndfile reads the frames.
struct FLACHeader {
  /// The number of frames of samples; nil if the file does not give it.
  let promisedFrames: Int?
  let channels: Int
  let sampleRate: Int
  let bits: Int
  /// The MD5 digest of the samples; nil if the file has none.
  let md5: [UInt8]?
  /// The offset of the first frame.
  let end: Int
  /// The block that describes the stream, without its head.
  private let description: [UInt8]

  static let mark = "fLaC"

  /// Parses the metadata of the stream that begins at `start`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  init(at start: Int, in file: borrowing InputFile) throws(SpecGANError) {
    let path = file.path
    let head = try file.bytes(at: start, count: 42)
    guard head.count >= 42 else { throw .unfinished(path: path) }
    guard head[4] & 0x7F == 0, head.bigEndian(at: 5, count: 3) == 34 else {
      throw .damaged(path: path, reason: "its first block does not describe the stream")
    }
    guard head.bigEndian(at: 8, count: 2) >= 16 else {
      throw .damaged(path: path, reason: "its blocks have fewer than 16 samples")
    }
    let packed = head.bigEndian(at: 18, count: 8)  // 20 + 3 + 5 + 36 bits
    bits = (packed >> 36 & 31) + 1
    guard [8, 16, 24].contains(bits) else {
      throw .unsupported(path: path, encoding: "FLAC of \(bits) bits")
    }
    channels = (packed >> 41 & 7) + 1
    sampleRate = packed >> 44 & 0xFFFFF
    try SoundFormat.check(channels: channels, sampleRate: sampleRate, path: path)
    let frames = packed & 0xF_FFFF_FFFF
    promisedFrames = frames > 0 ? frames : nil
    let digest = Array(head[26..<42])
    md5 = digest.contains { $0 != 0 } ? digest : nil
    description = Array(head[8..<42])
    end = try Self.end(of: head[4], from: start + 42, in: file)
  }

  /// Returns the offset after the metadata blocks, of which the first, with the type `first`, ends
  /// at `start`.
  private static func end(
    of first: UInt8, from start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int {
    var (type, place) = (first, start)
    while type & 0x80 == 0 {
      let head = try file.bytes(at: place, count: 4)
      guard head.count == 4 else { throw .unfinished(path: file.path) }
      type = head[0]
      place += 4 + head.bigEndian(at: 1, count: 3)
    }
    guard place < file.byteCount else { throw .unfinished(path: file.path) }
    return place
  }

  /// Returns the metadata for a decoder of `frames` frames of samples: the description alone.
  func bytes(frames: Int) -> [UInt8] {
    var block = description
    for index in 4..<10 { block[index] = 0 }  // the sizes of frames, unknown
    block[13] = block[13] & 0xF0 | UInt8(truncatingIfNeeded: frames >> 32 & 0xF)
    for index in 0..<4 { block[14 + index] = UInt8(truncatingIfNeeded: frames >> (24 - 8 * index)) }
    return Array(Self.mark.utf8) + [0x80, 0, 0, 34] + block
  }
}
