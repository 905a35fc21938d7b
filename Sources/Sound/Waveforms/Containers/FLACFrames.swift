// Source: RFC 9639, sections 9.1 and 9.3.
internal import SpecGANErrors

/// The frames of a FLAC stream, found and checked by their checksums.
///
/// A decoder puts silence in the place of a lost frame, or leaves it out, and does not always
/// report that.
struct FLACFrames {
  /// Intact frames that follow each other without a gap.
  struct Run {
    var range: Range<Int>
    var sampleCount: Int  // of a channel
  }

  /// The runs of intact frames: one, if nothing is damaged.
  private(set) var runs: [Run] = []
  /// The number of samples of the intact frames, a channel.
  private(set) var sampleCount = 0
  /// The first damage, for a sentence; nil if there is none.
  private(set) var damage: String?
  /// The end of the last frame.
  private(set) var end: Int
  /// Whether the stream ends within a frame.
  private(set) var isCut = false
  /// Whether other data follow the last frame so closely that its end is uncertain.
  private(set) var hasRest = false
  private let header: FLACHeader
  private var frameCount = 0
  /// The number that the next frame should have; nil at the beginning.
  private var nextNumber: Int?
  /// The number of headers whose frames were not intact.
  private var failureCount = 0
  private static let mostFailures = 4096

  /// Scans the frames after `header`.
  init(_ header: FLACHeader, in file: borrowing InputFile) throws(SpecGANError) {
    self.header = header
    end = header.end
    var place = header.end
    while place < file.byteCount {
      let frame: FLACFrame?
      (frame, place) = try next(from: place, in: file)
      guard let frame else { break }
      append(frame, place)
    }
  }

  private mutating func append(_ frame: FLACFrame, _ place: Int) {
    let start = place - frame.byteCount
    let isNext = nextNumber.map { $0 == frame.number } ?? true
    if !isNext { note("frame \(frameCount + 1) is not the one that should follow") }
    nextNumber = frame.number + (frame.isVariable ? frame.sampleCount : 1)
    if isNext, let last = runs.last, last.range.upperBound == start {
      runs[runs.count - 1].range = last.range.lowerBound..<place
      runs[runs.count - 1].sampleCount += frame.sampleCount
    } else {
      runs.append(Run(range: start..<place, sampleCount: frame.sampleCount))
    }
    frameCount += 1
    sampleCount += frame.sampleCount
    end = place
  }

  private mutating func note(_ damage: String) {
    if self.damage == nil { self.damage = damage }
  }

  /// Returns the next intact frame and the offset after it; nil at the end of the stream.
  private mutating func next(
    from start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> (FLACFrame?, Int) {
    var place = start
    while true {
      let head = try file.bytes(at: place, count: FLACFrame.longestHead)
      if let frame = FLACFrame(head), frame.fits(header) {
        let bytes = try file.bytes(
          at: place, count: frame.longest(bits: header.bits) + FLACFrame.longestHead)
        var length = try frame.length(in: bytes, at: place, of: file)
        if length == nil, frame.mayEnd(in: bytes) {
          let other = try Self.search(from: place + frame.byteCount, header, in: file)
          length = frame.length(in: bytes, before: other.map { $0 - place })
          // Decoders find the end: they stop at the number of samples in the header.
          if other == nil { (length, hasRest) = (bytes.count, true) }
        }
        if let length {
          var frame = frame
          frame.byteCount = length
          return (frame, place + length)
        }
        note("frame \(frameCount + 1) does not match its checksum")
        failureCount += 1
        guard failureCount < Self.mostFailures else { return (nil, place) }
      } else if place == start, try Self.isEnd(place, isComplete: isComplete, in: file) {
        return (nil, place)
      } else {
        note("frame \(frameCount + 1) is missing or damaged")
      }
      guard let other = try Self.search(from: place + 1, header, in: file) else {
        isCut = true
        return (nil, place)
      }
      place = other
    }
  }

  /// Whether all samples that the header gives have been found.
  private var isComplete: Bool { header.promisedFrames.map { sampleCount >= $0 } ?? false }

  /// Returns whether the stream ends at `place`: tags, zeros or another stream follow, or the
  /// header says so.
  private static func isEnd(
    _ place: Int, isComplete: Bool, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    if isComplete { return true }
    let other = try Trailer.end(from: place, in: file)
    if other >= file.byteCount { return true }
    return try file.bytes(at: other, count: 4).holds(FLACHeader.mark)
  }

  /// Returns the offset of the next header of a frame from `start` on; nil if there is none.
  private static func search(
    from start: Int, _ header: FLACHeader, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int? {
    var place = start
    while true {
      let bytes = try file.bytes(at: place, count: 1 << 16)
      guard bytes.count > FLACFrame.longestHead || place + bytes.count == file.byteCount else {
        return nil
      }
      for index in bytes.indices
      where bytes[index] == 0xFF && index + 1 < bytes.count && bytes[index + 1] & 0xFE == 0xF8 {
        let frame = FLACFrame(Array(bytes[index...].prefix(FLACFrame.longestHead)))
        if let frame, frame.fits(header) { return place + index }
      }
      guard place + bytes.count < file.byteCount else { return nil }
      place += bytes.count - FLACFrame.longestHead
    }
  }
}

/// A frame of FLAC, as its header describes it.
struct FLACFrame {
  /// The largest size of a header, in bytes.
  static let longestHead = 16

  /// The number of the frame, or of its first sample if the size of blocks varies.
  let number: Int
  let isVariable: Bool
  let sampleCount: Int  // of a channel
  let channels: Int
  /// The size in bytes, header and checksum included; that of the header until it is known.
  var byteCount: Int
  private let bits: Int?

  /// Parses a header; nil if `head` is none, or its checksum is wrong.
  init?(_ head: [UInt8]) {
    guard head.count >= 6, head[0] == 0xFF, head[1] & 0xFE == 0xF8, head[3] & 1 == 0 else {
      return nil
    }
    let (size, rate) = (Int(head[2] >> 4), Int(head[2] & 15))
    let (assignment, depth) = (Int(head[3] >> 4), Int(head[3] >> 1 & 7))
    guard size > 0, rate < 15, assignment <= 10, depth != 3 else { return nil }
    var place = 4
    // A number in the manner of UTF-8, of up to seven bytes.
    let first = head[place]
    let length = (~first).leadingZeroBitCount
    guard length != 1, length <= 7, place + max(1, length) <= head.count else { return nil }
    var number = length == 0 ? Int(first) : Int(first & (0x7F >> UInt8(length)))
    for index in 1..<max(1, length) { number = number << 6 | Int(head[place + index] & 0x3F) }
    place += max(1, length)
    let extra = (size == 6 ? 1 : size == 7 ? 2 : 0)
    let rateLength = (rate == 12 ? 1 : rate > 12 ? 2 : 0)
    guard place + extra + rateLength < head.count else { return nil }
    switch size {
    case 1: sampleCount = 192
    case 2...5: sampleCount = 576 << (size - 2)
    case 6, 7: sampleCount = head.bigEndian(at: place, count: extra) + 1
    default: sampleCount = 256 << (size - 8)
    }
    place += extra + rateLength
    guard FLACChecksum.of(head[..<place]) == head[place] else { return nil }
    self.number = number
    isVariable = head[1] & 1 == 1
    channels = assignment < 8 ? assignment + 1 : 2
    bits = [nil, 8, 12, nil, 16, 20, 24, 32][depth]
    byteCount = place + 1
  }

  /// Returns whether the frame can belong to the stream of `header`.
  func fits(_ header: FLACHeader) -> Bool {
    channels == header.channels && (bits ?? header.bits) == header.bits
  }

  /// The largest size that an encoder of samples of `bits` bits gives the frame, with a margin.
  func longest(bits: Int) -> Int { sampleCount * channels * (bits + 1) / 8 * 5 / 4 + 1024 }

  /// Returns the size of the frame, at the beginning of `bytes`; nil if no end is certain.
  ///
  /// The frame ends where the checksum of all its bytes, its own included, is 0, and a header
  /// follows, or the end of the file, tags, zeros or another stream.
  func length(
    in bytes: [UInt8], at place: Int, of file: borrowing InputFile
  ) throws(SpecGANError) -> Int? {
    var (end, register) = (0, UInt16(0))
    while let next = Self.nextEnd(in: bytes, after: end, &register) {
      end = next
      guard end > byteCount + 2 else { continue }
      let head = Array(bytes[end...].prefix(Self.longestHead))
      if let next = FLACFrame(head), next.channels == channels { return end }
      let other = try Trailer.end(from: place + end, in: file)
      if other >= file.byteCount { return end }
      if try file.bytes(at: other, count: 4).holds(FLACHeader.mark) { return end }
    }
    return nil
  }

  /// Returns the probable size of the frame if the next one is damaged: its sync word is there, or
  /// it is the last end before `limit`, where the next header is.
  func length(in bytes: [UInt8], before limit: Int?) -> Int? {
    let ends = ends(in: bytes).filter { $0 <= limit ?? bytes.count }
    let next = ends.first {
      $0 + 1 < bytes.count && bytes[$0] == 0xFF && bytes[$0 + 1] & 0xFE == 0xF8
    }
    // Zeros after an end keep the checksum at 0.
    return next
      ?? ends.reversed().first { bytes[$0 - 1] != 0 || !ends.contains($0 - 1) }
  }

  /// Returns whether the frame may end in `bytes`, by its checksum alone.
  func mayEnd(in bytes: [UInt8]) -> Bool { !ends(in: bytes).isEmpty }

  /// Returns the ends at which the checksum is right: one, and by chance a few others.
  private func ends(in bytes: [UInt8]) -> [Int] {
    var ends: [Int] = []
    var (end, register) = (0, UInt16(0))
    while ends.count < Self.mostEnds, let next = Self.nextEnd(in: bytes, after: end, &register) {
      end = next
      if end > byteCount + 2 { ends.append(end) }
    }
    return ends
  }

  /// Returns the next offset after `start` at which the checksum is 0, and continues with
  /// `register`; nil if there is none.
  private static func nextEnd(
    in bytes: [UInt8], after start: Int, _ register: inout UInt16
  ) -> Int? {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe FLACChecksum.table.withUnsafeBufferPointer { table in
        var value = register
        var index = start
        while index < bytes.count {
          let byte = unsafe bytes[index]
          let place = Int(UInt8(truncatingIfNeeded: value &>> 8) ^ byte)
          value = unsafe value &<< 8 ^ table[place]
          index += 1
          if value == 0 {
            register = 0
            return index
          }
        }
        return nil
      }
    }
  }

  /// More come only from zeros after the last frame.
  private static let mostEnds = 64
}

/// The checksums of FLAC: CRC-8 with the polynomial 0x07, and CRC-16 with 0x8005; both from 0, the
/// highest bit first.
enum FLACChecksum {
  /// The register of CRC-16 for each byte.
  static let table: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte) << 8) { value, _ in
      value << 1 ^ (value >> 15 == 1 ? 0x8005 : 0)
    }
  }

  /// Returns the CRC-8 of a header.
  static func of(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { register, byte in
      (0..<8).reduce(register ^ byte) { value, _ in value << 1 ^ (value >> 7 == 1 ? 0x07 : 0) }
    }
  }
}
