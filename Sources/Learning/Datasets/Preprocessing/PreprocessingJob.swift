internal import Safetensors
internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// One run of a preprocessor, which writes into a separate folder.
struct PreprocessingJob {
  private let layout: CacheLayout
  private let listing: SourceListing
  private let comparison: Comparison?
  private let folder: String
  private let allowsDamage: Bool
  private let workers: Workers
  private let longestDuration: Int
  private let benches: [SliceWorkbench]
  private var labels: LabelTable
  /// The place of each slice's label in `labels`.
  private var labelPlaces: [Int32] = []
  /// The checksum of the slices of each shard.
  private var sliceChecksums: [CRC32] = []
  private var checksums: [String: String] = [:]
  private var summary: PreprocessingSummary

  init(
    _ preprocessor: Preprocessor, _ listing: SourceListing, _ comparison: Comparison?,
    folder: String
  ) throws(SpecGANError) {
    layout = preprocessor.layout
    workers = preprocessor.workers
    allowsDamage = preprocessor.allowsDamage
    self.listing = listing
    self.comparison = comparison
    self.folder = folder
    benches = try SliceWorkbench.team(layout, workers)
    labels = LabelTable(listing.sources)
    summary = PreprocessingSummary(output: preprocessor.output, listing, layout.audio)
    longestDuration = preprocessor.longestDuration
  }

  // MARK: - First pass

  /// Decodes the files into slices and log-magnitudes, and writes a row per file.
  ///
  /// - Parameters:
  ///   - progress: called after each group of files is written.
  ///   - isInterrupted: called after each group is decoded; true to stop.
  /// - Returns: the moments that all slices are normalized by, for each channel.
  /// - Throws: ``SpecGANError`` if no file is usable, a file cannot be written, or `isInterrupted`
  ///   returned true.
  mutating func decode(
    _ progress: (PreprocessingProgress) -> Void, _ isInterrupted: () -> Bool
  ) throws(SpecGANError) -> [Moments] {
    var writer = SliceShardWriter(
      folder: folder, layout: layout, benches: benches, workers: workers)
    let rows = try SourceRows(folder: folder)
    var groups = DecodingGroups(
      listing, layout, comparison, longestDuration: longestDuration, allowsDamage: allowsDamage,
      workers: workers)
    while let group = try groups.next() {
      if isInterrupted() { throw .interrupted }
      for (index, file) in group.enumerated() {
        add(file, listing.sources[groups.done - group.count + index])
      }
      try rows.append(group.map(\.line).joined())
      let labels = labels
      try writer.append(group) { labels.place(of: $0.row.label) }
      progress(.init(phase: .decoding, done: groups.done, total: summary.fileCount))
    }
    try rows.finish()
    guard summary.sliceCount > 0 else {
      let (sounds, others) = (
        summary.skippedFiles.filter(\.isOfSound), summary.skippedFiles.filter { !$0.isOfSound }
      )
      throw .nothingUsable(
        count: summary.fileCount, first: Array((sounds + others).prefix(3)),
        hidden: summary.hiddenCount)
    }
    writer.finish()
    labelPlaces = writer.labels
    sliceChecksums = writer.checksums
    summary.labels = labels.labels
    return try writer.moments.map { $0.normalizing(layout.spectrogram) }
  }

  private mutating func add(_ file: FileResult, _ source: FoundSource) {
    summary.add(file.row, at: listing.location(of: source))
    if file.isDecoded { summary.decodedCount += 1 }
    if file.isReused { summary.reusedCount += 1 }
    if file.row.slices > 0 { labels.markUsed(labels.place(of: source.label)) }
  }

  private static func write(_ moments: [Moments], to folder: String) throws(SpecGANError) {
    var contents = SafetensorsContents()
    contents.append(moments)
    try contents.write(to: "\(folder)/\(CacheLayout.moments)")
  }

  // MARK: - Second pass

  /// Replaces the log-magnitudes by spectrograms normalized by `moments`, and flushes the moments
  /// and all shards to disk.
  mutating func transform(
    against moments: [Moments], _ progress: (PreprocessingProgress) -> Void,
    _ isInterrupted: () -> Bool
  ) throws(SpecGANError) {
    var finisher = try ShardFinisher(
      folder: folder, layout: layout, moments: moments, benches: benches, workers: workers)
    let numbers = labels.numbers
    let shardCount = sliceChecksums.count
    for shard in 0..<shardCount {
      if isInterrupted() { throw .interrupted }
      let first = shard * layout.slicesPerShard
      let places = labelPlaces[first..<min(first + layout.slicesPerShard, labelPlaces.count)]
      let files = try finisher.finish(
        shard, labels: places.map { $0 < 0 ? $0 : numbers[Int($0)] }, slices: sliceChecksums[shard])
      for (kind, checksum) in files { checksums[kind.file(shard)] = checksum.hexadecimal }
      progress(.init(phase: .transforming, done: shard + 1, total: shardCount))
    }
    try flush(moments)
  }

  /// Flushes the shards and writes the moments in parallel, because each waits for the disk.
  private func flush(_ moments: [Moments]) throws(SpecGANError) {
    let (folder, layout, shardCount) = (folder, layout, sliceChecksums.count)
    let kinds = ShardKind.allCases
    let results = workers.map(shardCount * kinds.count + 1) { task, _ in
      Result { () throws(SpecGANError) in
        let (shard, kind) = task.quotientAndRemainder(dividingBy: kinds.count)
        if shard == shardCount { return try Self.write(moments, to: folder) }
        try ShardFile(kinds[kind], shard, in: folder, layout, isNew: false).flush()
      }
    }
    for result in results { try result.get() }
  }

  // MARK: - Record

  /// Writes `cache.json`, the last file, and returns the summary.
  mutating func finish() throws(SpecGANError) -> PreprocessingSummary {
    try addChecksum(of: CacheLayout.moments)
    try addChecksum(of: CacheLayout.sources)
    var record = CacheRecord(
      audio: layout.audio, spectrogram: layout.spectrogram,
      counts: .init(
        files: summary.fileCount, used: summary.usedCount, skipped: summary.skippedFiles.count,
        hidden: summary.hiddenCount, slices: summary.sliceCount, shards: sliceChecksums.count),
      secondsOfAudio: summary.secondsOfAudio, labels: summary.labels, checksums: checksums)
    try record.write(to: folder)
    summary.fingerprint = record.fingerprint
    return summary
  }

  private mutating func addChecksum(of name: String) throws(SpecGANError) {
    checksums[name] = try CRC32.ofFile("\(folder)/\(name)").checksum.hexadecimal
  }
}
