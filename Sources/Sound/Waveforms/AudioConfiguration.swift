/// How sounds become slices: the `audio` section of a configuration.
public struct AudioConfiguration: Codable, Equatable, Sendable {
  /// Samples a second that every sound is brought to.
  public var sampleRate = 16_000
  /// Samples of a slice, per channel.
  public var sliceLength = 16_384
  /// Channels of a slice; one means that a sound's channels are averaged.
  public var channels = 1
  /// How much of a slice the next one repeats, in `[0, 1)`.
  public var overlap = 0.0
  /// Whether a sound gives its first slice alone, padded if need be, whatever `overlap` says.
  public var firstSliceOnly = false
  /// Whether the slice that reaches past a sound's end is kept, filled with zeros.
  public var padEnd = true
  /// Whether every sound is scaled to a peak of one first.
  public var normalize = false

  /// The defaults, which are the published ones but for padding.
  public init() {}

  private enum CodingKeys: String, CodingKey {
    case sampleRate = "sample_rate"
    case sliceLength = "slice_length"
    case channels, overlap, normalize
    case firstSliceOnly = "first_slice_only"
    case padEnd = "pad_end"
  }
}

// MARK: - Ranges

extension AudioConfiguration {
  /// What ``sampleRate`` may be: the rates that are read.
  public static let sampleRates = AudioFile.sampleRates
  /// What ``sliceLength`` may be.
  public static let sliceLengths = 1...1 << 24
  /// What ``channels`` may be.
  public static let channelCounts = 1...16
  /// What ``overlap`` may be.
  public static let overlaps = 0.0..<1
}
