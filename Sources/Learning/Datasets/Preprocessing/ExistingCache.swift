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
  init?(at path: String, audio: AudioConfiguration) {
    guard let cache = try? Cache(path: path), cache.audio == audio,
      cache.record.decoder == CacheRecord.currentDecoder,
      (try? cache.isAsWritten(CacheLayout.sources)) == true,
      let rows = try? cache.sources(),
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
    shardSize = (try? cache.shard(.slices, 0).count) ?? cache.layout.slicesPerShard
  }

  /// Returns the slices of row `index`; nil if one of their shards is damaged.
  func slices(ofRow index: Int) -> ExistingSlices? {
    let size = shardSize
    let first = starts[index] / size
    let last = (starts[index] + rows[index].slices - 1) / size
    var shards: [ExistingSlices.Shard] = []
    for number in first...max(first, last) {
      guard let shard = shard(number) else { return nil }
      shards.append(shard)
    }
    return ExistingSlices(shards: shards, shardSize: size, start: starts[index] % size)
  }

  private func shard(_ index: Int) -> ExistingSlices.Shard? {
    if let known = opened.last(where: { $0.index == index }) { return known.shard }
    let name = ShardKind.slices.file(index)
    let intact = isIntact[index] ?? (try? cache.isAsWritten(name)) ?? false
    isIntact[index] = intact
    guard intact, let offset = (try? cache.shard(.slices, index))?.offset,
      let file = try? RandomAccessFile(reading: "\(cache.path)/\(name)")
    else { return nil }
    opened = opened.suffix(1) + [(index, .init(file: file, offset: offset))]
    return opened.last?.shard
  }
}
