// Source: ISO/IEC 11172-3, section 2.4.2.3 and table 2.4.2.3; ISO/IEC 13818-3 for the half rates.
internal import SpecGANErrors

/// The streams of an MP3 file, scanned header by header: one, or several that were joined.
///
/// The frames give the exact length, which libsndfile only estimates, and show whether the last one
/// is complete.
struct MPEGStreams {
  private static let most = 256  // streams

  private(set) var streams: [SoundStream] = []
  private var current: MPEGRun
  private var place: Int
  private let first: MPEGFrame
  private var window = MPEGWindow()
  /// The number of complete frames so far.
  private var count = 0

  /// Scans the stream at `start`, where the file's bytes are `head`; nil if there is no MP3.
  ///
  /// - Throws: ``SpecGANError`` if the last frame is truncated, if it is followed by anything but
  ///   tags, zeros and further streams, if there are more frames than a table counts (the decoder
  ///   would omit them), or if side information or checksums are wrong. Other errors in the main
  ///   data are not detected.
  init?(
    start: Int, head: [UInt8], in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) {
    guard let first = MPEGFrame(head),
      try Self.isStream(first, at: start, in: file, &window)
    else { return nil }
    self.first = first
    place = start
    current = MPEGRun(first, head)
    while try step(in: file, &faults) {}
    try close(path: file.path, &faults)
  }

  /// Returns whether a stream that begins with `frame` at `place` is one: any file may contain the
  /// four bytes of a header; a second one at the right offset is proof.
  private static func isStream(
    _ frame: MPEGFrame, at place: Int, in file: borrowing InputFile, _ window: inout MPEGWindow
  ) throws(SpecGANError) -> Bool {
    let end = place + frame.byteCount
    if end == file.byteCount { return true }
    return MPEGFrame(try window.bytes(at: end, in: file))?.continues(frame) ?? false
  }

  /// Takes the frame at the current place; returns false at the end.
  private mutating func step(
    in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> Bool {
    let bytes = try window.bytes(at: place, in: file)
    guard let frame = MPEGFrame(bytes), frame.continues(first) else {
      return try leave(in: file, &faults)
    }
    let end = place + frame.byteCount
    guard end <= file.byteCount else {
      try faults.record(truncated(file.path))
      return false
    }
    if !current.isEmpty, MPEGTable(bytes) != nil { try join(bytes, path: file.path, &faults) }
    count += 1
    if let problem = current.append(frame, bytes, place..<end) {
      let reason = "\(problem) of its MP3 frame \(count) is wrong"
      try faults.record(.damaged(path: file.path, reason: reason))
    }
    place = end
    return true
  }

  /// Goes on after other data than a frame: tags, zeros, another stream, or damage. Returns false
  /// at the end.
  private mutating func leave(
    in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> Bool {
    let rest = try file.bytes(at: place, count: 4)
    if rest.count < 4 && rest.first == 0xFF {
      try faults.record(truncated(file.path))
      return false
    }
    let other = try Trailer.end(from: place, in: file)
    guard other < file.byteCount else { return false }
    let bytes = try window.bytes(at: other, in: file)
    if let frame = MPEGFrame(bytes), frame.continues(first),
      try Self.isStream(frame, at: other, in: file, &window),
      try Trailer.hasTag(from: place, in: file), streams.count < Self.most
    {
      place = other
      try join(bytes, path: file.path, &faults)
      return true
    }
    let next = try search(from: other, in: file)
    guard let next else {
      let left = file.byteCount - other
      faults.remark("has \(left) bytes after its audio that are not MP3 frames and are ignored")
      return false
    }
    let reason =
      "the data after its MP3 frame \(count), at byte \(file.origin + other), is not a frame"
    try faults.record(.damaged(path: file.path, reason: reason))
    place = next
    return true
  }

  /// Begins another stream, whose first bytes are `bytes`.
  private mutating func join(
    _ bytes: [UInt8], path: String, _ faults: inout Faults
  ) throws(SpecGANError) {
    try close(path: path, &faults)
    current = MPEGRun(first, bytes)
  }

  private mutating func close(path: String, _ faults: inout Faults) throws(SpecGANError) {
    guard !current.isEmpty else { return }
    if let number = current.wrongChecksum {
      let frame = count - current.count + number
      try faults.record(
        .damaged(path: path, reason: "the checksum of its MP3 frame \(frame) is wrong"))
    }
    if let promised = current.promisedCount, promised + 1 < current.count - 1 {
      try faults.record(
        .damaged(
          path: path,
          reason: "its table gives \(promised) frames, but it has \(current.count - 1)"))
    }
    streams.append(current.stream(isDamaged: faults.damage != nil))
  }

  /// Returns the offset of the next two frames from `start` on; nil if there are none.
  private mutating func search(
    from start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int? {
    var offset = start
    while true {
      let block = try file.bytes(at: offset, count: 1 << 16)
      guard block.count >= 4 else { return nil }
      for index in block.indices.dropLast(3) where block[index] == 0xFF {
        guard let frame = MPEGFrame(Array(block[index..<index + 4])), frame.continues(first),
          try Self.isStream(frame, at: offset + index, in: file, &window)
        else { continue }
        return offset + index
      }
      offset += block.count - 3
    }
  }

  private func truncated(_ path: String) -> SpecGANError {
    .truncated(
      path: path, framesFound: count * first.sampleCount,
      framesPromised: (count + 1) * first.sampleCount)
  }
}

/// Consecutive frames of one stream.
private struct MPEGRun {
  /// The number of complete frames, those with damage included.
  var count: Int { ranges.count }
  /// The number, from 1, of the first frame whose checksum is wrong; nil if none is, or most are:
  /// then the encoder did not compute them.
  var wrongChecksum: Int? { 2 * wrong.count < protectedCount ? wrong.first : nil }
  /// The number of frames that the table gives, if there is one.
  var promisedCount: Int? { table?.frameCount }
  private let first: MPEGFrame
  private let table: MPEGTable?
  private let isOtherTable: Bool
  /// The byte ranges of the frames; nil for one that is damaged.
  private var ranges: [Range<Int>?] = []
  private var mainData = MPEGMainData()
  private var hasProblem = false
  private var isVariable = false
  private var rate: UInt8?
  private var protectedCount = 0
  /// The numbers, from 1, of the frames whose checksum is wrong.
  private var wrong: [Int] = []

  init(_ first: MPEGFrame, _ bytes: [UInt8]) {
    self.first = first
    table = MPEGTable(bytes)
    isOtherTable = bytes.holds("VBRI", at: 36)
  }

  var isEmpty: Bool { count == 0 }

  /// Appends a frame; returns the part of it that is wrong, nil if none is.
  mutating func append(_ frame: MPEGFrame, _ bytes: [UInt8], _ range: Range<Int>) -> String? {
    ranges.append(range)
    if count > 1 || table == nil && !isOtherTable {
      isVariable = isVariable || rate.map { $0 != bytes[2] >> 4 } ?? false
      rate = bytes[2] >> 4
    }
    let side = Array(bytes.dropFirst(4).prefix(MPEGSideInformation.length(frame)))
    check(frame, bytes)
    guard !mainData.append(side, of: frame) else { return nil }
    // After the first problem, what follows is often wrong because of it.
    if hasProblem, MPEGSideInformation(side, of: frame) != nil { return nil }
    hasProblem = true
    ranges[count - 1] = nil
    return "the side information"
  }

  private mutating func check(_ frame: MPEGFrame, _ bytes: [UInt8]) {
    let end = 4 + MPEGSideInformation.length(frame)
    guard frame.hasChecksum, bytes.count >= end, count > 1 || table == nil else { return }
    protectedCount += 1
    let covered = Array(bytes[2..<4] + bytes[6..<end])
    if MPEGChecksum.of(covered) != bytes.bigEndian(at: 4, count: 2) { wrong.append(count) }
  }

  /// Returns the stream of the intact frames.
  ///
  /// libsndfile estimates the length of a stream of variable rate without a table, and ends there;
  /// so it is given a table.
  func stream(isDamaged: Bool) -> SoundStream {
    var intact = ranges
    if wrongChecksum != nil { for number in wrong { intact[number - 1] = nil } }
    var stream = SoundStream(container: .mpeg, pieces: [.made(ID3Tag.empty)])
    if table != nil, !isDamaged {
      for case let range? in intact { stream.append(range) }
      return stream
    }
    // The table of another kind, or of more frames than there are, is replaced.
    if table != nil || isOtherTable && isVariable { intact[0] = nil }
    let frameCount = intact.count { $0 != nil }
    if isVariable || isDamaged {
      // Because of a table, libmpg123 takes off the delay of its decoder, so a frame of silence
      // stands before the others.
      stream.pieces.append(.made(first.table(frames: frameCount + 1)))
      stream.pieces.append(.made(first.silence))
      stream.hasLead = true
    }
    for case let range? in intact { stream.append(range) }
    stream.isEstimated = true
    stream.promisedFrames = frameCount * first.sampleCount
    return stream
  }
}

/// A buffer of the file around an offset, so that not every header needs a system call.
private struct MPEGWindow {
  private static let length = 48  // a header, a checksum, side information, and a table's head
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
  private let head: [UInt8]

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
    self.head = Array(head[..<4])
  }

  /// Returns whether this frame can follow `first` in a stream.
  func continues(_ first: MPEGFrame) -> Bool { kind == first.kind }

  /// A frame of this kind that is silent.
  var silence: [UInt8] {
    // No checksum, 128 or 80 kbit/s, no padding: more bytes than a table needs.
    let head = [head[0], head[1] | 1, 0x90 | head[2] & 0x0C, head[3]]
    guard let frame = MPEGFrame(head) else { return [] }
    return head + [UInt8](repeating: 0, count: frame.byteCount - 4)
  }

  /// Returns a frame of this kind with a Xing table that gives `frames` frames.
  func table(frames: Int) -> [UInt8] {
    var bytes = silence
    guard let frame = MPEGFrame(bytes) else { return [] }
    let start = 4 + MPEGSideInformation.length(frame)
    bytes.replaceSubrange(start..<start + 8, with: Array("Xing".utf8) + [0, 0, 0, 1])
    for index in 0..<4 {
      bytes[start + 8 + index] = UInt8(truncatingIfNeeded: frames >> (24 - 8 * index))
    }
    return bytes
  }
}

/// The checksum of an MP3 frame: CRC-16 with the polynomial 0x8005, from ones, over the last two
/// bytes of the header and the side information.
enum MPEGChecksum {
  /// Returns the checksum of `bytes`.
  static func of(_ bytes: [UInt8]) -> Int {
    let register = bytes.reduce(UInt16.max) { register, byte in
      register << 8
        ^ FLACChecksum.table[Int(UInt8(truncatingIfNeeded: register >> 8) ^ byte)]
    }
    return Int(register)
  }
}
