/// What a run of the preprocessor did.
public struct PreprocessingSummary: Encodable, Equatable, Sendable {
  /// The cache's folder.
  public var output: String
  /// Everything that was found: those used and those skipped.
  public var files = 0
  /// Files that gave at least one slice.
  public var used = 0
  /// The others, each with its reason, in the order they were found.
  public var skipped: [SkippedSource] = []
  /// Names that began with a dot, and were passed over.
  public var hidden = 0
  /// Slices, and so spectrograms.
  public var slices = 0
  /// The labels that have slices; a slice's label is an index into them.
  public var labels: [String] = []
  /// Seconds of sound in the used files.
  public var secondsOfAudio = 0.0
  /// What a checkpoint knows the cache by; see ``Cache/fingerprint``.
  public var fingerprint = ""

  private enum CodingKeys: String, CodingKey {
    case output, files, used, skipped, hidden, slices, labels, fingerprint
    case secondsOfAudio = "seconds_of_audio"
  }
}

/// How far a run of the preprocessor is.
public struct PreprocessingProgress: Equatable, Sendable {
  /// What is done one after the other.
  public enum Phase: Equatable, Sendable {
    /// Files become slices.
    case decoding
    /// Slices become spectrograms.
    case transforming
  }

  /// What is being done.
  public var phase: Phase
  /// Files tried, or shards written.
  public var done: Int
  /// Of how many.
  public var total: Int
}
