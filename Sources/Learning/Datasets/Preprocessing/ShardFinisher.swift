internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Spectra

/// The second pass: in each shard of log-magnitudes, the spectrograms in their place, and the
/// headers.
struct ShardFinisher {
  private let folder: String
  private let layout: CacheLayout
  private let codec: SpectrogramCodec
  private let benches: [SliceWorkbench]
  private let workers: Workers
  /// What was finished last, and is on its way to disk from the next shard on.
  private var former: ShardPair?

  init(
    folder: String, layout: CacheLayout, moments: Moments, benches: [SliceWorkbench],
    workers: Workers
  ) throws(SpecGANError) {
    self.folder = folder
    self.layout = layout
    self.benches = benches
    self.workers = workers
    codec = try SpectrogramCodec(configuration: layout.spectrogram, moments: moments)
  }

  /// Finishes shard number `index`, whose slices have `labels` and the checksum `slices`; returns
  /// the checksums of its files.
  mutating func finish(
    _ index: Int, labels: [Int32], slices: CRC32
  ) throws(SpecGANError) -> [ShardKind: CRC32] {
    let shard = try ShardPair(index, in: folder, layout, isNew: false)
    let (benches, codec, former) = (benches, codec, former)
    self.former = shard
    let results = workers.map(rangesOf: labels.count, longest: layout.slicesPerRun) {
      places, worker in
      // It takes a while; the others go on.
      if places.lowerBound == 0 { former?.startFlushing() }
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
