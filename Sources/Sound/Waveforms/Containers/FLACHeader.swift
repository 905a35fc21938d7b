// Source: RFC 9639, sections 6, 8.1 and 8.2.
internal import SpecGANErrors

/// The first metadata block of a FLAC file, which describes the stream, parsed before libsndfile
/// reads the file.
struct FLACHeader {
  /// The number of frames of samples; nil if the file does not give it.
  let promisedFrames: Int?

  /// Parses `head`, the bytes from `fLaC` on.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  init(_ head: [UInt8], path: String) throws(SpecGANError) {
    guard head.count >= 42 else { throw .unfinished(path: path) }
    guard head[4] & 0x7F == 0, head.bigEndian(at: 5, count: 3) == 34 else {
      throw .damaged(path: path, reason: "its first block does not describe the stream")
    }
    guard head.bigEndian(at: 8, count: 2) >= 16 else {
      throw .damaged(path: path, reason: "its blocks have fewer than 16 samples")
    }
    let packed = head.bigEndian(at: 18, count: 8)  // 20 + 3 + 5 + 36 bits
    let bits = (packed >> 36 & 31) + 1
    guard [8, 16, 24].contains(bits) else {
      throw .unsupported(path: path, encoding: "FLAC of \(bits) bits")
    }
    try SoundFormat.check(
      channels: (packed >> 41 & 7) + 1, sampleRate: packed >> 44 & 0xFFFFF, path: path)
    let frames = packed & 0xF_FFFF_FFFF
    promisedFrames = frames > 0 ? frames : nil
  }
}
