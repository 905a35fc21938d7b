// Source: RFC 3533, section 6.

/// The pages of an Ogg file, one after the other.
enum OggPages {
  private static let mark = "OggS"

  /// Checks that no page of the first stream is missing.
  ///
  /// Behind a gap libsndfile 1.2.0 counts an Opus stream's place below zero where the last page says so, and
  /// then gives out memory that nobody has set. Bytes that are cut off at the end are no gap.
  /// - Throws: ``AudioFileError/damaged(path:reason:)`` where one is missing or its checksum is wrong.
  static func check(_ file: borrowing InputFile) throws(AudioFileError) {
    var offset = 0
    var next: (stream: Int, number: Int)?
    while offset < file.byteCount {
      guard let page = try page(at: offset, in: file) else {
        if try hasPage(from: offset, in: file) { throw .gap(file.path) }
        return
      }
      if page.isEmpty { return }
      let stream = page.littleEndian(at: 14, count: 4)
      let number = page.littleEndian(at: 18, count: 4)
      if let next, stream == next.stream, number != next.number { throw .gap(file.path) }
      if stream == (next ?? (stream, 0)).stream { next = (stream, number + 1) }
      offset += page.count
    }
  }

  /// The whole page at `offset`; empty where the file ends in it, nil where there is none.
  private static func page(
    at offset: Int, in file: borrowing InputFile
  ) throws(AudioFileError) -> [UInt8]? {
    let head = try file.bytes(at: offset, count: 27 + 255)
    guard head.holds(mark) else { return nil }
    guard head.count >= 27, head.count >= 27 + Int(head[26]) else { return [] }
    let start = 27 + Int(head[26])
    let length = head[27..<start].reduce(start) { $0 + Int($1) }
    let page = try file.bytes(at: offset, count: length)
    guard page.count == length else { return [] }
    // A page of another version is left out by libogg, and then missing.
    return page[4] == 0 && OggChecksum.holds(for: page) ? page : nil
  }

  /// Whether anything from `offset` on may be taken for a page.
  private static func hasPage(
    from offset: Int, in file: borrowing InputFile
  ) throws(AudioFileError) -> Bool {
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

extension AudioFileError {
  fileprivate static func gap(_ path: String) -> AudioFileError {
    .damaged(path: path, reason: "a page of it is missing, or its checksum is wrong")
  }
}
