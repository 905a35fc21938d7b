internal import Files
internal import Spectra
internal import Tensors
internal import Waveforms
internal import Workers

/// One run of a preprocessor, into a folder of its own.
struct PreprocessingJob {
  private let layout: CacheLayout
  private let listing: SourceListing
  private let folder: String
  private let workers: Workers
  private let transforms: SliceTransforms
  private var labels: LabelTable
  private var shardCount = 0
  private var checksums: [String: String] = [:]
  private var summary: PreprocessingSummary

  init(
    _ preprocessor: Preprocessor, _ listing: SourceListing, folder: String
  ) throws(DatasetError) {
    layout = preprocessor.layout
    workers = preprocessor.workers
    self.listing = listing
    self.folder = folder
    transforms = try SliceTransforms(layout, workers: workers)
    labels = LabelTable(listing.sources)
    summary = PreprocessingSummary(output: preprocessor.output)
    summary.files = listing.sources.count
    summary.hidden = listing.hiddenCount
  }

  // MARK: - First pass

  /// Files to slices, a row for each, and moments.
  mutating func decode(
    _ progress: (PreprocessingProgress) -> Void, _ isInterrupted: () -> Bool
  ) throws(DatasetError) -> Moments {
    var writer = SliceShardWriter(
      folder: folder, layout: layout, transforms: transforms, workers: workers)
    let rows = try SourceRows(folder: folder)
    var windows = DecodingWindows(listing, audio: layout.audio, workers: workers)
    while let window = windows.next() {
      if isInterrupted() { throw .interrupted }
      for (source, outcome) in window {
        try rows.append(try take(source, outcome, into: &writer))
      }
      progress(.init(phase: .decoding, done: windows.done, total: summary.files))
    }
    try rows.finish()
    guard summary.slices > 0 else {
      throw .nothingUsable(count: summary.files, first: Array(summary.skipped.prefix(3)))
    }
    let moments = try writer.finish()
    try write(moments)
    shardCount = writer.shardCount
    summary.labels = labels.labels
    return moments
  }

  private mutating func take(
    _ source: FoundSource, _ outcome: DecodingOutcome, into writer: inout SliceShardWriter
  ) throws(DatasetError) -> Source {
    var row = listing.row(of: source)
    switch outcome {
    case .sound(let sound):
      let place = labels.place(of: source.label)
      row.frames = sound.sourceFrames
      row.rate = sound.sourceRate
      row.channels = sound.sourceChannels
      row.slices = try writer.append(sound.waveform, label: place)
      if row.slices > 0 { labels.markUsed(place) } else { row.skipped = tooShort(sound) }
    case .problem(let reason): row.skipped = reason
    }
    add(row, at: listing.location(of: source))
    return row
  }

  private mutating func add(_ row: Source, at location: String) {
    if let reason = row.skipped {
      summary.skipped.append(SkippedSource(path: location, reason: reason))
      return
    }
    summary.used += 1
    summary.slices += row.slices
    summary.secondsOfAudio += Double(row.frames) / Double(row.rate)
  }

  private func tooShort(_ sound: DecodedSound) -> String {
    """
    is shorter than a slice: \(sound.waveform.frameCount) of \(layout.audio.sliceLength) samples; \
    set audio.pad_end to true.
    """
  }

  private func write(_ moments: Moments) throws(DatasetError) {
    try withTensorFiles { () throws(SafetensorsError) in
      var contents = SafetensorsContents()
      contents.append("mean", shape: [moments.mean.count], moments.mean)
      contents.append("deviation", shape: [moments.deviation.count], moments.deviation)
      try contents.write(to: "\(folder)/\(CacheLayout.moments)")
    }
  }

  // MARK: - Second pass

  /// Slices to spectrograms, measured against `moments`.
  mutating func transform(
    against moments: Moments, _ progress: (PreprocessingProgress) -> Void,
    _ isInterrupted: () -> Bool
  ) throws(DatasetError) {
    let writer = try SpectrogramShardWriter(
      folder: folder, layout: layout, moments: moments, transforms: transforms, workers: workers)
    let numbers = labels.numbers
    for shard in 0..<shardCount {
      if isInterrupted() { throw .interrupted }
      if let numbers {
        let path = "\(folder)/\(ShardKind.slices.file(shard))"
        try SliceShard.renumber(path, shape: layout.sliceShape, numbers: numbers)
      }
      try writer.write(shard: shard)
      for kind in ShardKind.allCases { try addChecksum(of: kind.file(shard)) }
      progress(.init(phase: .transforming, done: shard + 1, total: shardCount))
    }
  }

  // MARK: - Record

  /// Writes `cache.json`, the last file.
  mutating func finish() throws(DatasetError) -> PreprocessingSummary {
    try addChecksum(of: CacheLayout.moments)
    try addChecksum(of: CacheLayout.sources)
    var record = CacheRecord(
      audio: layout.audio, spectrogram: layout.spectrogram,
      counts: .init(
        files: summary.files, used: summary.used, skipped: summary.skipped.count,
        hidden: summary.hidden, slices: summary.slices, shards: shardCount),
      secondsOfAudio: summary.secondsOfAudio, labels: summary.labels, checksums: checksums)
    try record.write(to: folder)
    summary.fingerprint = record.fingerprint
    return summary
  }

  private mutating func addChecksum(of name: String) throws(DatasetError) {
    checksums[name] = try withFiles { [folder] () throws(FileError) in
      try CRC32(ofFile: "\(folder)/\(name)").hexadecimal
    }
  }
}
