internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers

/// A comparison of the files found with the files of an existing cache.
struct Comparison {
  /// The numbers of files and bytes that are compared between two calls of `isInterrupted`.
  private static let portion = (files: 64, bytes: 1 << 28)

  let existing: ExistingCache
  /// For each file found, the index of an existing row with the same bytes; −1 if there is none.
  private var rows: [Int32] = []

  /// Reads the files of `listing` that have the size of a file in the existing cache.
  init(
    _ listing: SourceListing, _ existing: ExistingCache, allowsDamage: Bool, workers: Workers,
    _ progress: (PreprocessingProgress) -> Void, _ isInterrupted: () -> Bool
  ) throws(SpecGANError) {
    self.existing = existing
    let (known, count) = (existing.known, listing.sources.count)
    while rows.count < count {
      if isInterrupted() { throw .interrupted }
      let first = rows.count
      let isKnown = try Self.portion(of: listing, from: first, known)
      let found = workers.map(isKnown.count) { index, _ in
        Result { () throws(SpecGANError) in
          isKnown[index]
            ? try Self.row(of: listing.sources[first + index], in: listing, known) : -1
        }
      }
      for result in found {
        let row = try result.get()
        // A damaged file has another result if the other choice was made.
        let isSame = row >= 0 && existing.rows[Int(row)].isSame(allowingDamage: allowsDamage)
        rows.append(isSame ? row : -1)
      }
      progress(.init(phase: .comparing, done: rows.count, total: count))
    }
  }

  /// The index of the existing row of file `index`; nil if the file is new or has changed.
  subscript(index: Int) -> Int? { rows[index] < 0 ? nil : Int(rows[index]) }

  /// Whether a file with slices in the existing cache is no longer found, by its bytes.
  var missesAudio: Bool {
    let found = Set(rows.filter { $0 >= 0 }.map { FileContent(existing.rows[Int($0)]) })
    return existing.rows.contains { $0.slices > 0 && !found.contains(FileContent($0)) }
  }

  /// Returns whether a new cache of `listing` with `layout` would equal the existing one.
  func isSame(_ listing: SourceListing, _ layout: CacheLayout) -> Bool {
    let record = existing.cache.record
    guard existing.cache.layout == layout, existing.rows.count == rows.count,
      record.transform == CacheRecord.currentTransform,
      record.counts.hidden == listing.hiddenCount
    else { return false }
    return rows.indices.allSatisfy { index in
      let (source, row) = (listing.sources[index], existing.rows[index])
      var expected = listing.row(of: source)
      guard row.isPlaced(as: expected) else { return false }
      guard let place = self[index] else {
        (expected.skipReason, expected.kind) = (source.problem?.reason, source.problem?.rowKind)
        return source.problem != nil && row == expected
      }
      return FileContent(row) == FileContent(existing.rows[place])
    }
  }

  /// Returns, for each file of the portion that begins at `first`, whether a file in the existing
  /// cache has its size.
  private static func portion(
    of listing: SourceListing, from first: Int, _ known: KnownFiles
  ) throws(SpecGANError) -> [Bool] {
    var (isKnown, byteCount): ([Bool], Int) = ([], 0)
    let end = min(first + portion.files, listing.sources.count)
    while first + isKnown.count < end, byteCount < portion.bytes {
      let source = listing.sources[first + isKnown.count]
      let size =
        try source.problem == nil ? FileStatus(of: listing.location(of: source)).byteCount : 0
      isKnown.append(source.problem == nil && known.hold(fileOf: size))
      if isKnown.last == true { byteCount += size }
    }
    return isKnown
  }

  private static func row(
    of source: FoundSource, in listing: SourceListing, _ known: KnownFiles
  ) throws(SpecGANError) -> Int32 {
    let content = try ifUsable { () throws(SpecGANError) in
      try FileContent(of: listing.location(of: source))
    }
    guard let content, let row = known.row(of: content, preferring: listing.row(of: source))
    else { return -1 }
    return Int32(row)
  }
}
