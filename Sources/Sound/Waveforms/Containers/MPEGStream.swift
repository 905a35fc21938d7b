// Source: ISO/IEC 11172-3, section 2.4.2.3 and table 2.4.2.3; ISO/IEC 13818-3 for the half rates.
internal import SpecGANErrors

/// An MP3 stream, scanned header by header. The frames give the exact length, which libsndfile only
/// estimates, and show whether the last one is complete.
struct MPEGStream {
  /// The byte range of the frames.
  let extent: Range<Int>
  /// Whether the first frame has a Xing or Info table, with the number of frames and the trimming
  /// that the decoder applies.
  let hasTable: Bool
  /// The number of frames of samples; nil if there is a table.
  let promisedFrames: Int?

  /// Scans the stream at `start`, where the file's bytes are `head`; nil if there is no MP3.
  ///
  /// - Throws: ``SpecGANError`` if the last frame is truncated, if it is followed by anything but
  ///   tags and zeros, if there are more frames than the table counts (the decoder would omit
  ///   them), or if side information is invalid. Errors in the main data are not detected.
  init?(start: Int, head: [UInt8], in file: borrowing InputFile) throws(SpecGANError) {
    guard let first = MPEGFrame(head) else { return nil }
    let frames = try Frames(first, from: start, in: file)
    // Any file may contain the four bytes of a header; a second one at the right offset is proof.
    guard frames.count > 1 || frames.end == file.byteCount else { return nil }
    try frames.check(in: file)
    let table = MPEGTable(head)
    if let promised = table?.frameCount, promised + 1 < frames.count - 1 {
      let reason = "its table gives \(promised) frames, but it has \(frames.count - 1)"
      throw .damaged(path: file.path, reason: reason)
    }
    extent = start..<frames.end
    hasTable = table != nil
    promisedFrames = hasTable ? nil : frames.count * first.sampleCount
  }

  /// Consecutive frames.
  private struct Frames {
    /// The number of frames; the last may be truncated.
    private(set) var count = 0
    /// The end of the last frame, by its header.
    private(set) var end: Int
    private let first: MPEGFrame
    /// The number, from 1, of the first frame with invalid side information.
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

    /// Throws if a frame is truncated or invalid, or other data follows.
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
        let reason = "the data after its MP3 frame \(count), at byte \(other), is not a frame"
        throw .damaged(path: file.path, reason: reason)
      }
    }
  }

  /// A buffer of the file around an offset, so that not every header needs a system call.
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

/// The Xing or Info table in the first frame of an MP3.
private struct MPEGTable {
  /// The number of frames that follow, if the table has it.
  var frameCount: Int?

  /// Parses the table in `frame`; nil if there is none.
  init?(_ frame: [UInt8]) {
    let places = [13, 21, 36]  // after the side information
    let start = places.first { frame.holds("Xing", at: $0) || frame.holds("Info", at: $0) }
    guard let start else { return nil }
    guard frame.count >= start + 12, frame[start + 7] & 1 == 1 else { return }
    frameCount = frame.bigEndian(at: start + 8, count: 4)
  }
}

/// The header of an MP3 frame.
struct MPEGFrame {
  let byteCount: Int
  let sampleCount: Int
  /// Whether it is MPEG-1, not one of the half-rate versions.
  let isFull: Bool
  let isMono: Bool
  let hasChecksum: Bool
  /// The properties that all frames of a stream share: version and layer, sample rate, and whether
  /// it is mono.
  private let kind: [UInt8]

  // Bit rates in kbit/s, of MPEG-1 and of the half-rate versions.
  private static let full = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
  private static let half = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]

  /// Parses the first four bytes; nil if they are not a layer III header that gives its length.
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

  /// Returns whether this frame can follow `first` in a stream.
  func continues(_ first: MPEGFrame) -> Bool { kind == first.kind }
}
