// Source: RFC 3533, section 6; RFC 7845, section 5.1; "Vorbis I specification", section 4.2.2.
internal import SpecGANErrors

/// The first packet of a stream in an Ogg file, which gives its encoding.
struct OggHeader {
  let isOpus: Bool
  let channels: Int
  let sampleRate: Int

  /// Checks the first page of `file`.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, bytes are missing, or the page is
  ///   damaged: libsndfile would search for another one further on.
  static func check(_ file: borrowing InputFile) throws(SpecGANError) {
    let path = file.path
    let head = try file.bytes(at: 0, count: 27 + 255)
    guard head.count > 27, head.count >= 27 + Int(head[26]) else { throw .unfinished(path: path) }
    let start = 27 + Int(head[26])
    let length = head[27..<start].reduce(start) { $0 + Int($1) }
    let page = try file.bytes(at: 0, count: length)
    guard page.count == length else { throw .unfinished(path: path) }
    guard page[4] == 0, page[5] & 2 != 0 else {
      throw .damaged(path: path, reason: "it does not begin with the first page of a stream")
    }
    _ = try OggHeader(Array(page[start...]), path: path)
    guard OggChecksum.holds(for: page) else {
      throw .damaged(path: path, reason: "the checksum of its first page is wrong")
    }
  }

  /// Parses the first packet.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or bytes are missing.
  init(_ packet: [UInt8], path: String) throws(SpecGANError) {
    if packet.holds("\u{1}vorbis") {
      guard packet.count >= 30 else { throw .unfinished(path: path) }
      isOpus = false
      channels = Int(packet[11])
      sampleRate = packet.littleEndian(at: 12, count: 4)
    } else if packet.holds("OpusHead") {
      guard packet.count >= 19 else { throw .unfinished(path: path) }
      isOpus = true
      channels = Int(packet[9])
      // The decoder's rate is 48 kHz or a fraction of it, whatever the encoder's was.
      sampleRate = 48_000
    } else {
      throw .unsupported(
        path: path, encoding: Self.name(of: packet) ?? "an unknown encoding in Ogg")
    }
    try SoundFormat.check(channels: channels, sampleRate: sampleRate, path: path)
  }

  private static func name(of packet: [UInt8]) -> String? {
    if packet.holds("Speex") { return "Speex" }
    if packet.holds("FLAC", at: 1) { return "FLAC in Ogg" }
    return packet.holds("theora", at: 1) || packet.holds("fishead") ? "video" : nil
  }
}

/// The checksum of an Ogg page: CRC-32 with the polynomial 0x04C11DB7, highest bit first, from
/// zero.
enum OggChecksum {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte) << 24) { value, _ in
      value << 1 ^ (value >> 31 == 1 ? 0x04C1_1DB7 : 0)
    }
  }

  /// Returns whether the checksum of a complete page is right.
  static func holds(for page: [UInt8]) -> Bool {
    value(of: page) == UInt32(page.littleEndian(at: 22, count: 4))
  }

  /// Returns the checksum of a complete page; its own four bytes count as zeros.
  static func value(of page: [UInt8]) -> UInt32 {
    let table = table
    var value: UInt32 = 0
    for index in page.indices {
      let byte = 22..<26 ~= index ? 0 : page[index]
      value = value << 8 ^ table[Int(UInt8(value >> 24) ^ byte)]
    }
    return value
  }
}
