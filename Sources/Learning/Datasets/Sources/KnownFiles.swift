/// The files of a former cache, to be found by what they hold: one look each, however many are
/// alike.
struct KnownFiles: Sendable {
  private let rows: [Source]
  /// The first row of each content.
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

  /// Whether one of them has `byteCount` bytes: if not, there is no need to read a file that does.
  func hold(fileOf byteCount: Int) -> Bool { sizes.contains(byteCount) }

  /// The row of a file that holds `content`: that of the file that lay where `row` does, if it can
  /// be.
  func row(of content: FileContent, preferring row: Source) -> Int? {
    if let place = places[PlaceInInputs(row)], FileContent(rows[Int(place)]) == content {
      return Int(place)
    }
    return contents[content].map(Int.init)
  }
}

/// Where a file was found, byte by byte: strings are equal that are written with other code points.
struct PlaceInInputs: Hashable {
  private let input: [UInt8]?
  private let path: [UInt8]

  init(_ row: Source) {
    input = row.input.map { Array($0.utf8) }
    path = Array(row.path.utf8)
  }
}
