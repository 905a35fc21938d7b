internal import SpecGANErrors
internal import SpecGANFiles
internal import Waveforms

/// The cache that is already at the output, whose slices may be reused.
///
/// The slices of a file depend only on its bytes, the audio settings and the decoder. If these are
/// the same, the slices are reused, even if the file was renamed; the spectrograms are computed
/// again. Two files have the same bytes if their sizes and their `ContentDigest`s are equal.
/// Damaged shards are not used.
final class ExistingCache {
  let cache: Cache
  let rows: [Source]
  let known: KnownFiles
  /// The index of each row's first slice.
  private let starts: [Int]
  /// The number of slices of a shard; the last may have fewer.
  private let shardSize: Int
  /// For each shard used so far, whether it matches its checksum.
  private var isIntact: [Int: Bool] = [:]
  /// The shards used last; few, because a process can only have a limited number of open files.
  private var opened: [(index: Int, shard: ExistingSlices.Shard)] = []

  /// Opens the cache in the folder `path`; nil if a run with the settings `audio` cannot reuse its
  /// slices.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  init?(at path: String, audio: AudioConfiguration) throws(SpecGANError) {
    let opened = try ifUsable { () throws(SpecGANError) in try Cache(path: path) }
    guard let cache = opened, cache.audio == audio,
      cache.record.decoder == CacheRecord.currentDecoder
    else { return nil }
    let intactRows = try ifUsable { () throws(SpecGANError) in
      try cache.isAsWritten(CacheLayout.sources) ? cache.sources() : nil
    }
    guard let rows = intactRows.flatMap(\.self),
      rows.allSatisfy({ (0...cache.count).contains($0.slices) }),
      rows.reduce(0, { $0 &+ $1.slices }) == cache.count
    else { return nil }
    self.cache = cache
    self.rows = rows
    known = KnownFiles(rows)
    var starts: [Int] = []
    var start = 0
    for row in rows {
      starts.append(start)
      start += row.slices
    }
    self.starts = starts
    let first = try ifUsable { () throws(SpecGANError) in try cache.shard(.slices, 0) }
    shardSize = first?.count ?? cache.layout.slicesPerShard
  }

  /// Returns the slices of row `index`; nil if one of their shards is damaged.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  func slices(ofRow index: Int) throws(SpecGANError) -> ExistingSlices? {
    let size = shardSize
    let first = starts[index] / size
    let last = (starts[index] + rows[index].slices - 1) / size
    var shards: [ExistingSlices.Shard] = []
    for number in first...max(first, last) {
      guard let shard = try shard(number) else { return nil }
      shards.append(shard)
    }
    return ExistingSlices(shards: shards, shardSize: size, start: starts[index] % size)
  }

  private func shard(_ index: Int) throws(SpecGANError) -> ExistingSlices.Shard? {
    if let known = opened.last(where: { $0.index == index }) { return known.shard }
    let name = ShardKind.slices.file(index)
    let shard = try ifUsable { () throws(SpecGANError) -> ExistingSlices.Shard? in
      if isIntact[index] == nil { isIntact[index] = try cache.isAsWritten(name) }
      guard isIntact[index] == true else { return nil }
      return .init(
        file: try RandomAccessFile(reading: "\(cache.path)/\(name)"),
        offset: try cache.shard(.slices, index).offset)
    }
    guard let shard = shard.flatMap(\.self) else {
      isIntact[index] = false
      return nil
    }
    opened = opened.suffix(1) + [(index, shard)]
    return shard
  }
}
