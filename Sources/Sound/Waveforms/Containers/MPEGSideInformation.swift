// Source: ISO/IEC 11172-3, section 2.4.1.7, and ISO/IEC 13818-3, section 2.4.1.7.

/// The side information of an MP3 frame: the position of its main data, which may begin in earlier
/// frames, and the number of bits of each granule and channel.
struct MPEGSideInformation {
  /// The number of bytes of earlier frames' space that its main data uses (`main_data_begin`).
  let reach: Int
  /// The number of bytes of its granules, from that position on.
  let byteCount: Int

  /// Returns the number of bytes of side information after the header, including the checksum.
  static func length(_ frame: MPEGFrame) -> Int {
    let mono = frame.isFull ? 17 : 9
    let stereo = frame.isFull ? 32 : 17
    return (frame.hasChecksum ? 2 : 0) + (frame.isMono ? mono : stereo)
  }

  /// Parses `bytes`, those after the header of `frame`; nil if no encoder writes such side
  /// information.
  init?(_ bytes: [UInt8], of frame: MPEGFrame) {
    guard bytes.count == Self.length(frame) else { return nil }
    var bits = BitReader(bytes: bytes, position: frame.hasChecksum ? 16 : 0)
    let channels = frame.isMono ? 1 : 2
    reach = bits.next(frame.isFull ? 9 : 8)
    bits.skip(frame.isFull ? (frame.isMono ? 5 : 3) : channels)  // private
    if frame.isFull { bits.skip(4 * channels) }  // scale factors shared by both granules
    var bitCount = 0
    for _ in 0..<(frame.isFull ? 2 : 1) * channels {
      bitCount += bits.next(12)
      guard bits.next(9) <= 288 else { return nil }  // pairs of large values, of 576
      bits.skip(8 + (frame.isFull ? 4 : 9))  // gain, sizes of scale factors
      let isSwitched = bits.next(1) == 1
      if isSwitched, bits.next(2) == 0 { return nil }  // the normal window, which is invalid here
      bits.skip((isSwitched ? 20 : 22) + (frame.isFull ? 3 : 2))
    }
    byteCount = (bitCount + 7) / 8
  }
}

/// A check that the main data of consecutive MP3 frames do not overlap and end in their own frame.
struct MPEGMainData {
  private var start = 0  // of the next frame's own main data
  private var end: Int?  // of the last frame's main data

  /// Appends `frame`, with the side information `bytes`, and returns whether it is valid there.
  mutating func append(_ bytes: [UInt8], of frame: MPEGFrame) -> Bool {
    guard let side = MPEGSideInformation(bytes, of: frame) else { return false }
    let first = start - side.reach
    start += max(0, frame.byteCount - 4 - bytes.count)
    let isBehind = end.map { first >= $0 } ?? true
    end = first + side.byteCount
    return isBehind && first + side.byteCount <= start
  }
}

/// A reader of bits, the highest of each byte first.
private struct BitReader {
  let bytes: [UInt8]
  var position: Int

  /// Returns the number in the next `count` bits; after the last byte, bits are zero.
  mutating func next(_ count: Int) -> Int {
    (0..<count).reduce(0) { value, _ in
      defer { position += 1 }
      let byte = position / 8 < bytes.count ? bytes[position / 8] : 0
      return value << 1 | Int(byte >> (7 - position % 8) & 1)
    }
  }

  mutating func skip(_ count: Int) { position += count }
}
