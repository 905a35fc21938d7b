// Source: ISO/IEC 11172-3, section 2.4.2.3 and table 2.4.2.3; ISO/IEC 13818-3 for the half rates.

/// An MP3 stream, walked header by header: its frames say exactly how long it is, where libsndfile
/// estimates, and whether the last of them is all there.
struct MPEGStream {
  /// The bytes of its frames, from the first to the last.
  let extent: Range<Int>
  /// Whether the first frame holds a table that counts and trims the others, which the decoder follows.
  let hasTable: Bool
  /// How many frames of samples there are; `nil` where there is a table.
  let promisedFrames: Int?

  /// `nil` where there is no MP3 at `start`, where the file's bytes are `head`.
  ///
  /// - Throws: ``AudioFileError`` where the last frame is cut, where anything but tags and zeros follows
  ///   it, or where there are more frames than the table counts: the decoder would leave them out.
  init?(start: Int, head: [UInt8], in file: borrowing InputFile) throws(AudioFileError) {
    guard let first = MPEGFrame(head) else { return nil }
    var position = start
    var count = 0
    var window = Window()
    while let frame = MPEGFrame(try window.bytes(at: position, in: file)), frame.continues(first) {
      position += frame.byteCount
      count += 1
    }
    // One header is four bytes that anything may hold; another where it says so is proof.
    guard count > 1 || position == file.byteCount else { return nil }
    let rest = try file.bytes(at: position, count: 4)
    let isCutInHeader = rest.count < 4 && rest.first == 0xFF
    let whole = position > file.byteCount ? count - 1 : count
    guard position <= file.byteCount, !isCutInHeader else {
      throw .truncated(
        path: file.path, framesFound: whole * first.sampleCount,
        framesPromised: (whole + 1) * first.sampleCount)
    }
    let end = try Trailer.end(from: position, in: file)
    guard end >= file.byteCount else {
      throw .damaged(
        path: file.path, reason: "what follows its MP3 frame \(count), at byte \(end), is no frame")
    }
    extent = start..<position
    let table = MPEGTable(head)
    if let promised = table?.frameCount, promised + 1 < count - 1 {
      throw .damaged(
        path: file.path, reason: "its table counts \(promised) frames, and \(count - 1) are there")
    }
    hasTable = table != nil
    promisedFrames = hasTable ? nil : count * first.sampleCount
  }

  /// The bytes around a place in the file, so that not every header is a call of the system.
  private struct Window {
    var start = 0
    var content: [UInt8] = []

    mutating func bytes(at offset: Int, in file: borrowing InputFile) throws(AudioFileError)
      -> [UInt8]
    {
      if offset < start || offset + 4 > start + content.count {
        start = offset
        content = try file.bytes(at: offset, count: 65_536)
      }
      return Array(content.dropFirst(offset - start).prefix(4))
    }
  }
}

/// The table that the first frame of an MP3 may hold.
private struct MPEGTable {
  /// How many frames follow it, where it says so.
  var frameCount: Int?

  /// `nil` where there is none in `frame`.
  init?(_ frame: [UInt8]) {
    let places = [13, 21, 36]  // behind the side information
    let start = places.first { frame.holds("Xing", at: $0) || frame.holds("Info", at: $0) }
    guard let start else { return nil }
    guard frame.count >= start + 12, frame[start + 7] & 1 == 1 else { return }
    frameCount = frame.bigEndian(at: start + 8, count: 4)
  }
}

/// The header of a frame of MP3.
struct MPEGFrame {
  let byteCount: Int
  let sampleCount: Int
  /// What all frames of a stream have in common: version and layer, rate, and whether there is one channel.
  private let kind: [UInt8]

  // Kilobits a second, of MPEG-1 and of the half rates.
  private static let full = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  private static let half = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

  /// `nil` where the four bytes at the front are no header of layer III, or do not tell its length.
  init?(_ head: [UInt8]) {
    guard head.count >= 4, head[0] == 0xFF, head[1] & 0xE6 == 0xE2 else { return nil }
    let version = Int(head[1] >> 3 & 3)  // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
    let rate = Int(head[2] >> 2 & 3)
    let bitRate = Int(head[2] >> 4)
    guard version != 1, rate != 3, (1...14).contains(bitRate) else { return nil }
    let isFull = version == 3
    let hertz = [44_100, 48_000, 32_000][rate] >> (isFull ? 0 : version == 2 ? 1 : 2)
    let bits = 1000 * (isFull ? Self.full : Self.half)[bitRate]
    sampleCount = isFull ? 1152 : 576
    kind = [head[1] & 0x1E, head[2] & 0x0C, head[3] >> 6 == 3 ? 1 : 0]
    byteCount = sampleCount / 8 * bits / hertz + Int(head[2] >> 1 & 1)
  }

  /// Whether this frame can follow `first` in a stream.
  func continues(_ first: MPEGFrame) -> Bool { kind == first.kind }
}
