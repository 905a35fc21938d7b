/// The result of a run of the preprocessor.
package struct PreprocessingSummary: Encodable, Equatable, Sendable {
  /// The path of the cache.
  package var output: String
  /// The number of files found, used or skipped.
  package var files = 0
  /// The number of files with at least one slice.
  package var used = 0
  /// The skipped files, each with its reason, in the order they were found.
  package var skipped: [SkippedSource] = []
  /// The used files with samples beyond ±1, in the order they were found.
  package var beyondFullScale: [SourceBeyondFullScale] = []
  /// The number of files that this run decoded or tried to decode.
  package var decoded = 0
  /// The number of files, used or skipped, that are unchanged since the former cache and were not
  /// decoded again.
  package var takenOver = 0
  /// The number of names that begin with a dot, which are skipped.
  package var hidden = 0
  /// The number of slices, which is also the number of spectrograms.
  package var slices = 0
  /// The labels that have slices; a slice's label is an index into them.
  package var labels: [String] = []
  /// The duration of the used files, in seconds.
  package var secondsOfAudio = 0.0
  /// The fingerprint, by which a checkpoint recognizes the cache; see ``Cache/fingerprint``.
  package var fingerprint = ""

  /// Adds `row`, the row of a file at the path `location`.
  mutating func add(_ row: Source, at location: String) {
    if let reason = row.skipReason {
      skipped.append(SkippedSource(path: location, reason: reason))
      return
    }
    used += 1
    slices += row.slices
    secondsOfAudio += Double(row.frames) / Double(row.sampleRate)
    if let count = row.beyondFullScale {
      beyondFullScale.append(SourceBeyondFullScale(path: location, samples: count))
    }
  }

  private enum CodingKeys: String, CodingKey {
    case output, files, used, skipped, decoded, hidden, slices, labels, fingerprint
    case beyondFullScale = "beyond_full_scale"
    case takenOver = "taken_over"
    case secondsOfAudio = "seconds_of_audio"
  }
}

/// The progress of a run of the preprocessor.
package struct PreprocessingProgress: Equatable, Sendable {
  /// A phase of a run.
  package enum Phase: Equatable, Sendable {
    /// Files are compared with those of the former cache.
    case comparing
    /// No file has changed, and the former cache is compared with its checksums.
    case verifying
    /// Files are decoded to slices.
    case decoding
    /// Spectrograms are computed from slices.
    case transforming
  }

  /// The current phase.
  package var phase: Phase
  /// The number of files compared, verified or decoded, or of shards written.
  package var done: Int
  /// The total number of these.
  package var total: Int
}
