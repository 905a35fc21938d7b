// Source: ISO/IEC 11172-3, section 2.4.2.3 and table 2.4.2.3; ISO/IEC 13818-3 for the half rates.
internal import SpecGANErrors

/// An MP3 stream, walked header by header: its frames say exactly how long it is, where libsndfile
/// estimates, and whether the last of them is all there.
struct MPEGStream {
  /// The bytes of its frames, from the first to the last.
  let extent: Range<Int>
  /// Whether the first frame holds a table that counts and trims the others, which the decoder
  /// follows.
  let hasTable: Bool
  /// How many frames of samples there are; `nil` where there is a table.
  let promisedFrames: Int?

  /// `nil` where there is no MP3 at `start`, where the file's bytes are `head`.
  ///
  /// - Throws: ``SpecGANError`` where the last frame is cut, where anything but tags and zeros
  ///   follows it, where there are more frames than the table counts, which the decoder would leave
  ///   out, or where side information is wrong. What is wrong in the main data is not seen.
  init?(start: Int, head: [UInt8], in file: borrowing InputFile) throws(SpecGANError) {
    guard let first = MPEGFrame(head) else { return nil }
    let frames = try Frames(first, from: start, in: file)
    // One header is four bytes that anything may hold; another where it says so is proof.
    guard frames.count > 1 || frames.end == file.byteCount else { return nil }
    try frames.check(in: file)
    let table = MPEGTable(head)
    if let promised = table?.frameCount, promised + 1 < frames.count - 1 {
      let reason = "its table counts \(promised) frames, and \(frames.count - 1) are there"
      throw .damaged(path: file.path, reason: reason)
    }
    extent = start..<frames.end
    hasTable = table != nil
    promisedFrames = hasTable ? nil : frames.count * first.sampleCount
  }

  /// Frames that follow one another.
  private struct Frames {
    /// How many there are, the last of which may be cut.
    private(set) var count = 0
    /// Where the last one ends, by what its header says.
    private(set) var end: Int
    private let first: MPEGFrame
    /// The number of the first one of wrong side information.
    private var damaged: Int?

    init(_ first: MPEGFrame, from start: Int, in file: borrowing InputFile) throws(SpecGANError) {
      self.first = first
      end = start
      var window = Window()
      var mainData = MPEGMainData()
      while true {
        let bytes = try window.bytes(at: end, in: file)
        guard let frame = MPEGFrame(bytes), frame.continues(first) else { return }
        end += frame.byteCount
        count += 1
        let side = bytes.dropFirst(4).prefix(MPEGSideInformation.length(frame))
        if end <= file.byteCount, damaged == nil, !mainData.append(Array(side), of: frame) {
          damaged = count
        }
      }
    }

    /// Throws where they are not whole, or something else follows.
    func check(in file: borrowing InputFile) throws(SpecGANError) {
      let rest = try file.bytes(at: end, count: 4)
      let isCutInHeader = rest.count < 4 && rest.first == 0xFF
      let whole = end > file.byteCount ? count - 1 : count
      guard end <= file.byteCount, !isCutInHeader else {
        throw .truncated(
          path: file.path, framesFound: whole * first.sampleCount,
          framesPromised: (whole + 1) * first.sampleCount)
      }
      if let damaged {
        let reason = "the side information of its MP3 frame \(damaged) is wrong"
        throw .damaged(path: file.path, reason: reason)
      }
      let other = try Trailer.end(from: end, in: file)
      guard other >= file.byteCount else {
        let reason = "what follows its MP3 frame \(count), at byte \(other), is no frame"
        throw .damaged(path: file.path, reason: reason)
      }
    }
  }

  /// The bytes around a place in the file, so that not every header is a call of the system.
  private struct Window {
    private static let length = 4 + 2 + 32  // a header, a checksum and side information
    private var start = 0
    private var content: [UInt8] = []

    mutating func bytes(at offset: Int, in file: borrowing InputFile) throws(SpecGANError)
      -> [UInt8]
    {
      if offset < start || offset + Self.length > start + content.count {
        start = offset
        content = try file.bytes(at: offset, count: 65_536)
      }
      return Array(content.dropFirst(offset - start).prefix(Self.length))
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
  /// Whether it is of MPEG-1, not of the half rates.
  let isFull: Bool
  let isMono: Bool
  let hasChecksum: Bool
  /// What all frames of a stream have in common: version and layer, rate, and whether there is one
  /// channel.
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
    isFull = version == 3
    isMono = head[3] >> 6 == 3
    hasChecksum = head[1] & 1 == 0
    let hertz = [44_100, 48_000, 32_000][rate] >> (isFull ? 0 : version == 2 ? 1 : 2)
    let bits = 1000 * (isFull ? Self.full : Self.half)[bitRate]
    sampleCount = isFull ? 1152 : 576
    kind = [head[1] & 0x1E, head[2] & 0x0C, isMono ? 1 : 0]
    byteCount = sampleCount / 8 * bits / hertz + Int(head[2] >> 1 & 1)
  }

  /// Whether this frame can follow `first` in a stream.
  func continues(_ first: MPEGFrame) -> Bool { kind == first.kind }
}
