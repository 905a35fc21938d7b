// Source: RFC 3533, section 6.
internal import SpecGANErrors

/// A check of the pages of an Ogg file.
enum OggPages {
  private static let mark = "OggS"

  /// Checks that the pages of the first stream are consecutive, by their numbers and the sample
  /// positions at their ends.
  ///
  /// If they are not, libsndfile 1.2.0 takes the difference of two positions in an Opus stream as a
  /// number of samples: it allocates that much memory, and returns its uninitialized contents.
  /// Bytes that are cut off at the end of the file are not a gap.
  /// - Throws: ``SpecGANError`` if a page is missing or damaged, or positions decrease.
  static func check(_ file: borrowing InputFile) throws(SpecGANError) {
    var offset = 0
    var stream: OggStream?
    while offset < file.byteCount {
      guard let page = try page(at: offset, in: file) else {
        if try hasPage(from: offset, in: file) { throw .gap(file.path) }
        return
      }
      if page.isEmpty { return }
      var current = stream ?? OggStream(beginningWith: page)
      try current.append(page, path: file.path)
      stream = current
      offset += page.count
    }
  }

  /// Returns the complete page at `offset`; empty if the file ends in it, nil if there is none.
  private static func page(
    at offset: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> [UInt8]? {
    let head = try file.bytes(at: offset, count: 27 + 255)
    guard head.holds(mark) else { return nil }
    guard head.count >= 27, head.count >= 27 + Int(head[26]) else { return [] }
    let start = 27 + Int(head[26])
    let length = head[27..<start].reduce(start) { $0 + Int($1) }
    let page = try file.bytes(at: offset, count: length)
    guard page.count == length else { return [] }
    // libogg skips a page of another version, so that it counts as missing.
    return page[4] == 0 && OggChecksum.holds(for: page) ? page : nil
  }

  /// Returns whether the mark of a page occurs from `offset` on.
  private static func hasPage(
    from offset: Int, in file: borrowing InputFile
  ) throws(SpecGANError) -> Bool {
    let blockLength = 1 << 16
    for start in stride(from: offset, to: file.byteCount, by: blockLength) {
      let block = try file.bytes(at: start, count: blockLength + mark.utf8.count - 1)
      for index in block.indices.dropLast(mark.utf8.count - 1) where block.holds(mark, at: index) {
        return true
      }
    }
    return false
  }
}

/// The page number and position that a stream has reached.
private struct OggStream {
  private let serial: Int
  private var nextNumber: Int
  private var position: Int64 = 0

  init(beginningWith page: [UInt8]) {
    serial = Self.serial(of: page)
    nextNumber = Self.number(of: page)
  }

  /// Advances to `page`, if it belongs to this stream.
  mutating func append(_ page: [UInt8], path: String) throws(SpecGANError) {
    guard Self.serial(of: page) == serial else { return }
    guard Self.number(of: page) == nextNumber else { throw .gap(path) }
    nextNumber += 1
    let endsPacket = page[27..<27 + Int(page[26])].contains { $0 < 255 }
    guard endsPacket else { return }
    let next = Int64(bitPattern: page[6..<14].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    guard next >= position else {
      throw .damaged(path: path, reason: "the positions of its pages decrease")
    }
    position = next
  }

  private static func serial(of page: [UInt8]) -> Int { page.littleEndian(at: 14, count: 4) }
  private static func number(of page: [UInt8]) -> Int { page.littleEndian(at: 18, count: 4) }
}

extension SpecGANError {
  fileprivate static func gap(_ path: String) -> SpecGANError {
    .damaged(path: path, reason: "a page is missing, or its checksum is wrong")
  }
}
