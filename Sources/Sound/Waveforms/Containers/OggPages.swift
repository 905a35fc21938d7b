// Source: RFC 3533, section 6.
internal import SpecGANErrors

/// A page of an Ogg file.
struct OggPage {
  static let mark = "OggS"

  let bytes: [UInt8]

  /// Reads the complete page at `offset`; nil if there is none whose checksum is right.
  init?(at offset: Int, in file: borrowing InputFile) throws(SpecGANError) {
    let head = try file.bytes(at: offset, count: 27 + 255)
    // libogg skips a page of another version, so that it counts as missing.
    guard head.holds(Self.mark), head.count >= 27, head[4] == 0, head.count >= 27 + Int(head[26])
    else { return nil }
    let start = 27 + Int(head[26])
    let length = head[27..<start].reduce(start) { $0 + Int($1) }
    let page = try file.bytes(at: offset, count: length)
    guard page.count == length, OggChecksum.holds(for: page) else { return nil }
    bytes = page
  }

  /// The contents.
  var body: [UInt8] { Array(bytes[(27 + Int(bytes[26]))...]) }
  var isFirst: Bool { bytes[5] & 2 != 0 }
  var isLast: Bool { bytes[5] & 4 != 0 }
  var serial: Int { bytes.littleEndian(at: 14, count: 4) }
  var number: Int { bytes.littleEndian(at: 18, count: 4) }
  /// The position of the last sample that ends in the page; nil if no packet ends in it.
  var position: Int64? {
    guard bytes[27..<27 + Int(bytes[26])].contains(where: { $0 < 255 }) else { return nil }
    return Int64(bitPattern: bytes[6..<14].reversed().reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The page, marked as the last of its stream.
  var closed: [UInt8] {
    var page = bytes
    page[5] |= 4
    let checksum = OggChecksum.value(of: page)
    for index in 0..<4 { page[22 + index] = UInt8(truncatingIfNeeded: checksum >> (8 * index)) }
    return page
  }
}

/// The streams of an Ogg file: one, or several that follow each other. Pages of other streams
/// between them (video, titles) are ignored.
///
/// Pages must be consecutive, by their numbers, and their checksums right: decoders skip a lost
/// page, and continue. Of an Opus stream, the positions may not decrease: libsndfile 1.2.0 takes
/// the difference of two positions as a number of samples, allocates that much memory, and returns
/// its uninitialized contents.
struct OggStreams {
  private static let most = 256  // streams

  private(set) var streams: [SoundStream] = []
  private var current: OggLink?
  /// The number of channels and the rate of the streams.
  private var format: [Int]?
  /// The number of bytes between or after the pages that are not Ogg.
  private var otherCount = 0

  /// Finds the streams of `file`, which begins with a page.
  ///
  /// - Throws: ``SpecGANError`` if the encoding is not supported, or the file is damaged.
  init(of file: borrowing InputFile, _ faults: inout Faults) throws(SpecGANError) {
    var offset = 0
    while offset < file.byteCount {
      guard let page = try OggPage(at: offset, in: file) else {
        guard let next = try Self.search(from: offset + 1, in: file) else {
          try end(at: offset, in: file, &faults)
          break
        }
        otherCount += next - offset
        offset = next
        continue
      }
      let end = offset + page.bytes.count
      guard try take(page, offset..<end, in: file, &faults) else { break }
      offset = end
    }
    try close(path: file.path, &faults)
    if otherCount > 0, faults.damage == nil {
      faults.remark(
        "has \(otherCount) bytes between or after its pages that are not Ogg and are ignored")
    }
  }

  /// Takes a page; returns false if the rest of the file is not used.
  private mutating func take(
    _ page: OggPage, _ range: Range<Int>, in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) -> Bool {
    // The first pages of several streams at once come before all others.
    if page.isFirst, current?.isBegun != false {
      guard streams.count < Self.most else { return false }
      try close(path: file.path, &faults)
      let link = try OggLink(page, path: file.path)
      guard format == nil || format == link.format else {
        throw .unsupported(path: file.path, encoding: "joined streams of different formats")
      }
      format = link.format
      current = link
    }
    guard var link = current, page.serial == link.serial else { return true }
    do throws(SpecGANError) {
      try link.append(page, range, path: file.path)
    } catch {
      try faults.record(error)
      current = link
      return false
    }
    current = link
    return true
  }

  /// Ends the walk at `offset`, from where no page follows.
  private mutating func end(
    at offset: Int, in file: borrowing InputFile, _ faults: inout Faults
  ) throws(SpecGANError) {
    let isComplete = current?.isComplete ?? false
    if !isComplete, try Self.holdsMark(from: offset, in: file) {
      let head = try file.bytes(at: offset, count: 4)
      // A page that is cut off, or one with a wrong checksum.
      try faults.record(
        head.holds(OggPage.mark) ? try Self.lastPage(at: offset, in: file) : .gap(file.path))
      return
    }
    let rest = try Trailer.end(from: offset, in: file)
    if rest < file.byteCount { otherCount += file.byteCount - rest }
  }

  private static func lastPage(
    at offset: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> SpecGANError {
    let head = try file.bytes(at: offset, count: 27 + 255)
    guard head.count >= 27, head.count >= 27 + Int(head[26]) else {
      return .unfinished(path: file.path)
    }
    let start = 27 + Int(head[26])
    let length = head[27..<start].reduce(start) { $0 + Int($1) }
    return offset + length > file.byteCount ? .unfinished(path: file.path) : .gap(file.path)
  }

  /// Adds the current stream to the finished ones.
  private mutating func close(path: String, _ faults: inout Faults) throws(SpecGANError) {
    guard let link = current else { return }
    current = nil
    if !link.isComplete, faults.damage == nil {
      faults.remark("ends without the page that is marked as its last, so more may be missing")
    }
    streams.append(link.stream(isDamaged: faults.damage != nil))
  }

  /// Returns the offset of the next page from `start` on; nil if there is none.
  private static func search(
    from start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int? {
    var place: Int? = start
    while let from = place {
      guard let mark = try nextMark(from: from, in: file) else { return nil }
      if try OggPage(at: mark, in: file) != nil { return mark }
      place = mark + 1
    }
    return nil
  }

  private static func holdsMark(
    from start: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool { try nextMark(from: start, in: file) != nil }

  /// Returns the offset of the next mark of a page from `offset` on; nil if there is none.
  private static func nextMark(
    from offset: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Int? {
    let blockLength = 1 << 16
    for start in stride(from: offset, to: file.byteCount, by: blockLength) {
      let block = try file.bytes(at: start, count: blockLength + 3)
      for index in block.indices.dropLast(3)
      where block[index] == 0x4F && block.holds(OggPage.mark, at: index) {
        return start + index
      }
    }
    return nil
  }
}

/// One stream of an Ogg file, up to a page.
private struct OggLink {
  let serial: Int
  /// The number of channels and the rate.
  let format: [Int]
  private let isOpus: Bool
  private var nextNumber: Int
  private var position: Int64 = 0
  private var pages = SoundStream(container: .ogg, pieces: [])
  private var last: (page: OggPage, range: Range<Int>)?
  /// Whether the page that is marked as the last one was found.
  private(set) var isComplete = false
  /// Whether there are pages after the first.
  var isBegun: Bool { !pages.pieces.isEmpty }

  init(_ page: OggPage, path: String) throws(SpecGANError) {
    let header = try OggHeader(page.body, path: path)
    serial = page.serial
    nextNumber = page.number
    isOpus = header.isOpus
    format = [header.channels, header.sampleRate]
  }

  /// Appends a page of this stream.
  mutating func append(
    _ page: OggPage, _ range: Range<Int>, path: String
  ) throws(SpecGANError) {
    guard page.number == nextNumber else { throw .gap(path) }
    if isOpus, let next = page.position {
      guard next >= position else {
        throw .damaged(path: path, reason: "the positions of its pages decrease")
      }
      position = next
    }
    nextNumber += 1
    if let last { pages.append(last.range) }
    last = (page, range)
    isComplete = page.isLast
  }

  /// Returns the stream of the pages so far.
  ///
  /// Without a mark on its last page, libsndfile 1.2.0 loses the end of an Opus stream.
  func stream(isDamaged: Bool) -> SoundStream {
    var stream = pages
    if let last {
      if !isComplete && (isOpus || isDamaged) {
        stream.pieces.append(.made(last.page.closed))
      } else {
        stream.append(last.range)
      }
    }
    return stream
  }
}

extension SpecGANError {
  fileprivate static func gap(_ path: String) -> SpecGANError {
    .damaged(path: path, reason: "a page is missing, or its checksum is wrong")
  }
}
