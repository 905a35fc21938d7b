/// What a run of the preprocessor did.
package struct PreprocessingSummary: Encodable, Equatable, Sendable {
  /// The cache's folder.
  package var output: String
  /// Everything that was found: those used and those skipped.
  package var files = 0
  /// Files that gave at least one slice.
  package var used = 0
  /// The others, each with its reason, in the order they were found.
  package var skipped: [SkippedSource] = []
  /// Used files with samples beyond ±1, in the order they were found.
  package var loud: [LoudSource] = []
  /// Files that were decoded by this run, or could not be.
  package var decoded = 0
  /// Files, used or skipped, that had not changed since the cache that was there: not decoded
  /// again.
  package var takenOver = 0
  /// Names that began with a dot, and were passed over.
  package var hidden = 0
  /// Slices, and so spectrograms.
  package var slices = 0
  /// The labels that have slices; a slice's label is an index into them.
  package var labels: [String] = []
  /// Seconds of sound in the used files.
  package var secondsOfAudio = 0.0
  /// What a checkpoint knows the cache by; see ``Cache/fingerprint``.
  package var fingerprint = ""

  /// Takes in `row`, of a file that lies at `location`.
  mutating func add(_ row: Source, at location: String) {
    if let reason = row.skipped {
      skipped.append(SkippedSource(path: location, reason: reason))
      return
    }
    used += 1
    slices += row.slices
    secondsOfAudio += Double(row.frames) / Double(row.rate)
    if let count = row.beyondFullScale { loud.append(LoudSource(path: location, samples: count)) }
  }

  private enum CodingKeys: String, CodingKey {
    case output, files, used, skipped, decoded, hidden, slices, labels, fingerprint
    case loud = "beyond_full_scale"
    case takenOver = "taken_over"
    case secondsOfAudio = "seconds_of_audio"
  }
}

/// How far a run of the preprocessor is.
package struct PreprocessingProgress: Equatable, Sendable {
  /// What is done one after the other.
  package enum Phase: Equatable, Sendable {
    /// Files are held against those that the cache that is there was made of.
    case comparing
    /// Nothing has changed, and the files of the cache that is there are held against their
    /// checksums.
    case verifying
    /// Files become slices.
    case decoding
    /// Slices become spectrograms.
    case transforming
  }

  /// What is being done.
  package var phase: Phase
  /// Files compared, verified or tried, or shards written.
  package var done: Int
  /// Of how many.
  package var total: Int
}
