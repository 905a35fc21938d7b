internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Spectra

/// The first pass: writes slices and log-magnitudes in order, shard by shard, and computes their
/// moments.
///
/// Moments are computed per slice and merged in the order of the slices, so that they are equal bit
/// for bit for any number of workers.
struct SliceShardWriter {
  private let folder: String
  private let layout: CacheLayout
  private let workers: Workers
  private let benches: [SliceWorkbench]
  /// The moments of each channel of the spectrograms.
  private var accumulators: [MomentsAccumulator]
  private var shard: ShardPair?
  /// The place of each slice's label in the ``LabelTable``.
  private(set) var labels: [Int32] = []
  /// The checksum of the slices of each shard.
  private(set) var checksums: [CRC32] = []

  init(
    folder: String, layout: CacheLayout, benches: [SliceWorkbench], workers: Workers
  ) {
    self.folder = folder
    self.layout = layout
    self.benches = benches
    self.workers = workers
    accumulators = .init(
      repeating: MomentsAccumulator(binCount: layout.spectrogram.bandCount),
      count: layout.pictureChannels)
  }

  /// The moments of all slices, for each channel of the spectrograms.
  ///
  /// - Precondition: there is at least one slice.
  var moments: [Moments] {
    get throws(SpecGANError) {
      try accumulators.map { (accumulator) throws(SpecGANError) in try accumulator.moments }
    }
  }

  /// Writes the slices of `files`; `label` returns the place of a file's label.
  mutating func append(
    _ files: [FileResult], label: (FileResult) -> Int32
  ) throws(SpecGANError) {
    var pieces: [SlicePiece] = []
    var pieceLabels: [Int32] = []
    for file in files {
      guard let origin = file.origin else { continue }
      pieces += (0..<file.row.slices).map { SlicePiece(origin: origin, number: $0) }
      pieceLabels += repeatElement(label(file), count: file.row.slices)
    }
    var done = 0
    while done < pieces.count {
      let place = (labels.count + done) % layout.slicesPerShard
      let count = min(layout.slicesPerShard - place, pieces.count - done)
      try write(pieces[done..<done + count], from: place)
      done += count
    }
    labels += pieceLabels
  }

  /// Starts flushing the slices of the last shard.
  func finish() { shard?.slices.startFlushing() }

  /// Writes `pieces` to the current shard from index `place` on.
  ///
  /// - Precondition: they fit into the shard.
  private mutating func write(
    _ pieces: ArraySlice<SlicePiece>, from place: Int
  ) throws(SpecGANError) {
    let full = place == 0 ? shard?.slices : nil
    if place == 0 {
      shard = try ShardPair(checksums.count, in: folder, layout, isNew: true)
      checksums.append(CRC32())
    }
    guard let shard else { trap("the first slice of a shard opens it") }
    shard.reserve(place..<place + pieces.count)
    let benches = benches
    let first = pieces.startIndex
    let results = workers.map(rangesOf: pieces.count, longest: layout.slicesPerRun) {
      range, worker in
      // This call takes a while; the other workers continue meanwhile.
      if range.lowerBound == 0 { full?.startFlushing() }
      let run = pieces[first + range.lowerBound..<first + range.upperBound]
      return Result { () throws(SpecGANError) in
        try benches[worker].write(run, to: place + range.lowerBound, of: shard)
      }
    }
    let size = layout.byteCount(of: .slices)
    for result in results {
      let (checksum, moments) = try result.get()
      checksums[checksums.count - 1].append(checksum, byteCount: moments.count * size)
      for channels in moments {
        for (channel, moments) in channels.enumerated() { accumulators[channel].merge(moments) }
      }
    }
  }
}
