internal import SpecGANFiles
internal import Waveforms

/// The cache that is at a run's output already, as far as what it holds may serve again.
///
/// A file's slices are a function of its bytes, of the audio settings and of the decoder alone. So
/// they are taken over where those are the same, whatever the file is called now; the spectrograms
/// are made anew. Bytes count as the same where their number and their `ContentDigest` are. What is
/// damaged counts as not there.
final class FormerCache {
  let cache: Cache
  let rows: [Source]
  let known: KnownFiles
  /// The number of each row's first slice.
  private let starts: [Int]
  /// Slices of a shard; the last may have fewer.
  private let shardSize: Int
  /// For each shard that was asked for, whether its bytes are as they were written.
  private var isWhole: [Int: Bool] = [:]
  /// The shards that were asked for last; a process may not have very many files open.
  private var opened: [(index: Int, shard: FormerSlices.Shard)] = []

  /// What the folder `path` holds; `nil` where that is of no use to a run with the settings
  /// `audio`.
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

  /// The slices of row `index`; `nil` where their shards are damaged.
  func slices(ofRow index: Int) -> FormerSlices? {
    let size = shardSize
    let first = starts[index] / size
    let last = (starts[index] + rows[index].slices - 1) / size
    var shards: [FormerSlices.Shard] = []
    for number in first...max(first, last) {
      guard let shard = shard(number) else { return nil }
      shards.append(shard)
    }
    return FormerSlices(shards: shards, shardSize: size, start: starts[index] % size)
  }

  private func shard(_ index: Int) -> FormerSlices.Shard? {
    if let known = opened.last(where: { $0.index == index }) { return known.shard }
    let name = ShardKind.slices.file(index)
    let whole = isWhole[index] ?? (try? cache.isAsWritten(name)) ?? false
    isWhole[index] = whole
    guard whole, let offset = (try? cache.shard(.slices, index))?.offset,
      let file = try? RandomAccessFile(reading: "\(cache.path)/\(name)")
    else { return nil }
    opened = opened.suffix(1) + [(index, .init(file: file, offset: offset))]
    return opened.last?.shard
  }
}
