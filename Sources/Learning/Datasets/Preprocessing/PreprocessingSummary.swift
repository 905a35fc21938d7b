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
  /// The number of slices, which is also the number of spectrograms.
  package var sliceCount = 0
  /// The names of the labels that have slices, in the order of the slices' label numbers.
  package var labels: [String] = []
  /// The duration of the used files, in seconds.
  package var secondsOfAudio = 0.0
  /// The fingerprint, by which a checkpoint recognizes the cache; see ``Cache/fingerprint``.
  package var fingerprint = ""

  /// Adds the result `row` of the file at the path `location`.
  mutating func add(_ row: Source, at location: String) {
    if let reason = row.skipReason {
      skippedFiles.append(SkippedSource(path: location, reason: reason))
      if row.isDamaged == true { skippedDamagedCount += 1 }
      return
    }
    usedCount += 1
    sliceCount += row.slices
    secondsOfAudio += Double(row.frames) / Double(row.sampleRate)
    if let count = row.beyondFullScale {
      beyondFullScale.append(SourceBeyondFullScale(path: location, samples: count))
    }
    remarks += (row.remarks ?? []).map { SourceRemark(path: location, remark: $0) }
    if row.isDamaged == true { damagedCount += 1 }
  }

  private enum CodingKeys: String, CodingKey {
    case output, labels, remarks, fingerprint
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
