// Source: Microsoft, "Multimedia Programming Interface and Data Specifications 1.0", chapter 2,
// "LIST Chunk" and "INFO List Chunk": a list of type INFO holds chunks, each with a text that ends
// with a zero; a chunk of odd size is followed by a zero that its size does not count.
package import SpecGANErrors

/// The texts about a clip in a WAV file: its INFO list, which audio programs show.
package struct WAVInformation: Equatable, Sendable {
  /// The program that wrote the file (`ISFT`).
  package var software: String?
  /// The title (`INAM`).
  package var title: String?
  /// A comment (`ICMT`).
  package var comment: String?

  /// Creates information with these texts.
  package init(software: String? = nil, title: String? = nil, comment: String? = nil) {
    (self.software, self.title, self.comment) = (software, title, comment)
  }

  private static let listName = "LIST"
  private static let listType = "INFO"

  /// The bytes of the list, an even number; none without a text.
  var chunk: [UInt8] {
    var list = Array(Self.listType.utf8)
    for (name, text) in [("ISFT", software), ("INAM", title), ("ICMT", comment)] {
      guard let text else { continue }
      list += name.utf8
      // A zero in the text would end it.
      let bytes = text.utf8.filter { $0 != 0 } + [0]
      list.append(bytes.count, bytes: 4)
      list += bytes + (bytes.count.isMultiple(of: 2) ? [] : [0])
    }
    guard list.count > Self.listType.utf8.count else { return [] }
    var chunk = Array(Self.listName.utf8)
    chunk.append(list.count, bytes: 4)
    return chunk + list
  }
}

// MARK: - Reading

extension WAVInformation {
  /// The largest list that is read, in bytes; the texts of audio programs have some kilobytes.
  private static let longest = 1 << 22

  /// Reads the texts of the WAV file at `path`; all are nil if it has no INFO list.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read or is not a WAV file.
  package init(path: String) throws(SpecGANError) {
    let file = try InputFile(path: path)
    let head = try file.bytes(at: 0, count: 512)
    guard let style = WAVHeader.style(of: head) else {
      throw ForeignContent.error(for: head, path: path)
    }
    let texts = try Self.texts(of: file, style)
    self.init(software: texts["ISFT"], title: texts["INAM"], comment: texts["ICMT"])
  }

  /// Returns the text of each name in the INFO lists of `file`.
  static func texts(
    of file: borrowing InputFile, _ style: ChunkWalk.Style
  ) throws(SpecGANError) -> [String: String] {
    var texts: [String: String] = [:]
    var chunks = ChunkWalk(style)
    while let chunk = try chunks.next(in: file) {
      guard chunk.name == listName else { continue }
      let list = try file.bytes(at: chunk.start, count: min(chunk.size, longest))
      if list.holds(listType) { take(list, style.order, into: &texts) }
    }
    return texts
  }

  /// Takes the texts of the INFO list `list`; those that are cut off are left out.
  private static func take(
    _ list: [UInt8], _ order: PCMLayout.ByteOrder, into texts: inout [String: String]
  ) {
    var place = listType.utf8.count
    while place + 8 <= list.count {
      let name = String(decoding: list[place..<place + 4], as: UTF8.self)
      let size = list.number(at: place + 4, count: 4, order)
      let start = place + 8
      guard size <= list.count - start else { return }
      texts[name] = String(text: list[start..<start + size].prefix { $0 != 0 })
      place = start + size + size % 2
    }
  }
}

extension String {
  /// Creates the text of `bytes`, which are UTF-8 or else, as older programs write, ISO 8859-1.
  init(text bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    self =
      String(validating: bytes, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
  }
}
