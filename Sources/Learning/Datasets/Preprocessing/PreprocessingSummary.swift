internal import SpecGANFiles
package import Waveforms

/// The result of one preprocessing.
package struct PreprocessingSummary: Encodable, Equatable, Sendable {
  /// The path of the cache.
  package var output: String
  /// The number of entries found: ``usedCount`` plus the skipped ones, including folders with a
  /// problem.
  package var fileCount = 0
  /// The number of files with at least one slice.
  package var usedCount = 0
  /// The skipped files, each with its reason, in the order they were found.
  package var skippedFiles: [SkippedSource] = []
  /// The used files with samples beyond ±1, in the order they were found.
  package var beyondFullScale: [SourceBeyondFullScale] = []
  /// The used files with remarks, in the order they were found.
  package var remarks: [SourceRemark] = []
  /// The number of damaged files that were used as far as they are intact.
  package var damagedCount = 0
  /// The number of damaged files that were skipped.
  package var skippedDamagedCount = 0
  /// The number of files that were decoded this time, or that could not be opened or decoded.
  package var decodedCount = 0
  /// The number of files, used or skipped, whose result was reused from the existing cache because
  /// they are unchanged.
  package var reusedCount = 0
  /// The number of entries whose names begin with a dot. They are ignored: they are not in
  /// ``fileCount`` or ``skippedFiles``.
  package var hiddenCount = 0
  /// The number of files and folders that were excluded by a pattern.
  package var excludedCount = 0
  /// The patterns that match nothing.
  package var idlePatterns: [String] = []
  /// The number of slices, which is also the number of spectrograms.
  package var sliceCount = 0
  /// The names of the labels that have slices, in the order of the slices' label numbers.
  package var labels: [String] = []
  /// The duration of the used files, in seconds.
  package var secondsOfAudio = 0.0
  /// The fingerprint, by which a checkpoint recognizes the cache; see ``Cache/fingerprint``.
  package var fingerprint = ""
  /// The settings of the slices.
  package let audio: AudioConfiguration
  /// Properties from which a model cannot learn.
  package private(set) var findings: DatasetFindings

  init(output: String, _ listing: SourceListing, _ audio: AudioConfiguration) {
    (self.output, self.audio) = (output, audio)
    (fileCount, hiddenCount) = (listing.sources.count, listing.hiddenCount)
    (excludedCount, idlePatterns) = (listing.excludedCount, listing.idlePatterns)
    findings = DatasetFindings(audio)
  }

  /// A sentence about the old cache, if it could not be deleted.
  package var unremoved: String?

  /// Sentences about data from which a model cannot learn, or learns something else than was meant,
  /// and ``unremoved``.
  package var warnings: [String] {
    findings.warnings(labels: labels) + [unremoved].compactMap(\.self)
  }

  /// Adds the result `row` of the file at the path `location`.
  mutating func add(_ row: Source, at location: String) {
    let shown = location.escapingForeignBytes
    findings.add(row, at: shown)
    if let skipped = SkippedSource(row, at: location) {
      skippedFiles.append(skipped)
      if row.isDamaged == true { skippedDamagedCount += 1 }
      return
    }
    usedCount += 1
    sliceCount += row.slices
    secondsOfAudio += Double(row.frames) / Double(row.sampleRate)
    if let count = row.beyondFullScale {
      beyondFullScale.append(SourceBeyondFullScale(path: shown, samples: count))
    }
    remarks += (row.remarks ?? []).map { SourceRemark(path: shown, remark: $0) }
    if row.isDamaged == true { damagedCount += 1 }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(output.escapingForeignBytes, forKey: .output)
    try container.encode(labels, forKey: .labels)
    try container.encode(fingerprint, forKey: .fingerprint)
    try container.encode(fileCount, forKey: .fileCount)
    try container.encode(usedCount, forKey: .usedCount)
    try container.encode(skippedFiles, forKey: .skippedFiles)
    try container.encode(beyondFullScale, forKey: .beyondFullScale)
    try container.encode(remarks, forKey: .remarks)
    try container.encode(damagedCount, forKey: .damagedCount)
    try container.encode(skippedDamagedCount, forKey: .skippedDamagedCount)
    try container.encode(decodedCount, forKey: .decodedCount)
    try container.encode(reusedCount, forKey: .reusedCount)
    try container.encode(hiddenCount, forKey: .hiddenCount)
    try container.encode(excludedCount, forKey: .excludedCount)
    try container.encode(sliceCount, forKey: .sliceCount)
    try container.encode(secondsOfAudio, forKey: .secondsOfAudio)
    try container.encode(audio.sampleRate, forKey: .sampleRate)
    try container.encode(audio.channels, forKey: .channels)
    try container.encode(audio.sliceLength, forKey: .sliceLength)
    try container.encode(findings.silent, forKey: .silent)
    try container.encode(findings.cancelled, forKey: .cancelled)
    try container.encode(findings.paddedTails, forKey: .paddedTails)
    try container.encode(warnings, forKey: .warnings)
  }

  private enum CodingKeys: String, CodingKey {
    case output, labels, remarks, fingerprint, silent, cancelled, channels, warnings
    case sampleRate = "sample_rate"
    case sliceLength = "slice_length"
    case paddedTails = "padded_tails"
    case excludedCount = "excluded"
    case fileCount = "files"
    case usedCount = "used"
    case skippedFiles = "skipped"
    case beyondFullScale = "beyond_full_scale"
    case damagedCount = "damaged"
    case skippedDamagedCount = "skipped_damaged"
    case decodedCount = "decoded"
    case reusedCount = "taken_over"
    case hiddenCount = "hidden"
    case sliceCount = "slices"
    case secondsOfAudio = "seconds_of_audio"
  }
}

/// The progress of preprocessing.
package struct PreprocessingProgress: Equatable, Sendable {
  /// A phase of preprocessing.
  package enum Phase: Equatable, Sendable {
    /// Files are compared with those of the existing cache.
    case comparing
    /// No file has changed; the checksums of the existing cache are verified.
    case verifying
    /// Files are decoded and cut into slices.
    case decoding
    /// Spectrograms are computed from slices.
    case transforming
  }

  /// The current phase.
  package var phase: Phase
  /// The number of items done: audio files, or the cache's files when verifying, or shards when
  /// transforming.
  package var done: Int
  /// The number of items in this phase.
  package var total: Int
}
