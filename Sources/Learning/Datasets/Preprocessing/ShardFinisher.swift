internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Spectra

/// The second pass: replaces log-magnitudes by spectrograms, and writes the headers of the shards.
struct ShardFinisher {
  private let folder: String
  private let layout: CacheLayout
  private let codec: PictureCodec
  private let benches: [SliceWorkbench]
  private let workers: Workers
  /// The shards that were finished last, which are flushed while the next ones are computed.
  private var previous: ShardPair?

  init(
    folder: String, layout: CacheLayout, moments: [Moments], benches: [SliceWorkbench],
    workers: Workers
  ) throws(SpecGANError) {
    self.folder = folder
    self.layout = layout
    self.benches = benches
    self.workers = workers
    codec = try PictureCodec(configuration: layout.spectrogram, moments: moments)
  }

  /// Finishes the two shards with number `index`, and returns the checksums of their files.
  ///
  /// `labels` are the labels of the slices, and `slices` is their checksum.
  mutating func finish(
    _ index: Int, labels: [Int32], slices: CRC32
  ) throws(SpecGANError) -> [ShardKind: CRC32] {
    let shard = try ShardPair(index, in: folder, layout, isNew: false)
    let (benches, codec, previous) = (benches, codec, previous)
    self.previous = shard
    let results = workers.map(rangesOf: labels.count, longest: layout.slicesPerRun) {
      places, worker in
      // This call takes a while; the other workers continue meanwhile.
      if places.lowerBound == 0 { previous?.startFlushing() }
      return Result { () throws(SpecGANError) in
        let checksum = try benches[worker].normalize(places, of: shard.spectrograms, by: codec)
        return (checksum, places.count)
      }
    }
    let size = layout.byteCount(of: .spectrograms)
    var spectrograms = CRC32()
    for result in results {
      let (checksum, count) = try result.get()
      spectrograms.append(checksum, byteCount: count * size)
    }
    return [
      .slices: try shard.slices.finish(count: labels.count, labels: labels, examples: slices),
      .spectrograms: try shard.spectrograms.finish(count: labels.count, examples: spectrograms),
    ]
  }
}
