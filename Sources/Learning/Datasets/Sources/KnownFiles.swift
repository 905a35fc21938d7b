/// The files of an existing cache, indexed by content.
///
/// A look-up takes constant time, even if many files have the same content.
struct KnownFiles: Sendable {
  private let rows: [Source]
  /// The index of the first row with each content.
  private var contents: [FileContent: Int32] = [:]
  private var places: [PlaceInInputs: Int32] = [:]
  private let sizes: Set<Int>

  init(_ rows: [Source]) {
    self.rows = rows
    for (index, row) in rows.enumerated() {
      guard let content = FileContent(row) else { continue }
      if contents[content] == nil { contents[content] = Int32(index) }
      places[PlaceInInputs(row)] = Int32(index)
    }
    sizes = Set(contents.keys.map(\.byteCount))
  }

  /// Returns whether a known file has `byteCount` bytes. If none has, a file of that size need not
  /// be read.
  func hold(fileOf byteCount: Int) -> Bool { sizes.contains(byteCount) }

  /// Returns the index of a row with `content`; nil if there is none.
  ///
  /// If several rows have it, the one with the input and path of `row` is preferred.
  func row(of content: FileContent, preferring row: Source) -> Int? {
    if let place = places[PlaceInInputs(row)], FileContent(rows[Int(place)]) == content {
      return Int(place)
    }
    return contents[content].map(Int.init)
  }
}

/// The input and path of a file, compared by bytes, because Swift strings of different code points
/// may be equal.
struct PlaceInInputs: Hashable {
  private let input: [UInt8]?
  private let path: [UInt8]
  private let isEscaped: Bool

  init(_ row: Source) {
    input = row.input.map { Array($0.utf8) }
    path = Array(row.path.utf8)
    isEscaped = row.isEscaped ?? false
  }
}
