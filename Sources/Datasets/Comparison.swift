internal import Files
internal import Workers

/// The files found, held against those that a former cache was made of.
struct Comparison {
  /// Files that are compared between two questions whether to stop.
  private static let portion = 1024

  let former: FormerCache
  /// For each file found, the former row of the same bytes; −1 where there is none.
  private var rows: [Int32] = []

  /// Reads the files of `listing` that may be known.
  init(
    _ listing: SourceListing, _ former: FormerCache, workers: Workers,
    _ progress: (PreprocessingProgress) -> Void, _ isInterrupted: () -> Bool
  ) throws(DatasetError) {
    self.former = former
    let sources = listing.sources
    for first in stride(from: 0, to: sources.count, by: Self.portion) {
      if isInterrupted() { throw .interrupted }
      let portion = sources[first..<min(first + Self.portion, sources.count)]
      let candidates = portion.map { Self.candidates($0, in: listing, former) }
      rows += workers.map(portion.count) { index, _ in
        Self.row(of: portion[first + index], in: listing, among: candidates[index])
      }
      progress(.init(phase: .comparing, done: rows.count, total: sources.count))
    }
  }

  /// The former row of file number `index`; `nil` where it is new or changed.
  subscript(index: Int) -> Int? { rows[index] < 0 ? nil : Int(rows[index]) }

  /// Whether a new cache of `listing` with `layout` would be the former one.
  func isSame(_ listing: SourceListing, _ layout: CacheLayout) -> Bool {
    guard former.cache.layout == layout, former.rows.count == rows.count,
      former.cache.record.counts.hidden == listing.hiddenCount
    else { return false }
    return rows.indices.allSatisfy { index in
      let (source, row) = (listing.sources[index], former.rows[index])
      var expected = listing.row(of: source)
      guard self[index] == nil else {
        return row.path == expected.path && row.input == expected.input
          && row.label == expected.label
          && FileContent(row) == FileContent(former.rows[Int(rows[index])])
      }
      expected.skipped = source.problem
      return source.problem != nil && row == expected
    }
  }

  private static func candidates(
    _ source: FoundSource, in listing: SourceListing, _ former: FormerCache
  ) -> [(row: Int, content: FileContent)] {
    guard source.problem == nil else { return [] }
    let location = listing.location(of: source)
    let size = FileStatus(of: location).byteCount
    return former.candidates(name: Folder.name(of: location), byteCount: size).compactMap { row in
      FileContent(former.rows[row]).map { (row, $0) }
    }
  }

  private static func row(
    of source: FoundSource, in listing: SourceListing,
    among candidates: [(row: Int, content: FileContent)]
  ) -> Int32 {
    guard !candidates.isEmpty,
      let content = try? FileContent(of: listing.location(of: source)),
      let row = candidates.first(where: { $0.content == content })?.row
    else { return -1 }
    return Int32(row)
  }
}
