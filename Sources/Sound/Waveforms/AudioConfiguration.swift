/// The cutting of audio into slices: the `audio` section of a configuration.
public struct AudioConfiguration: Codable, Equatable, Sendable {
  /// The sample rate to which audio is resampled, in Hz.
  public var sampleRate = 16_000
  /// The length of a slice, in frames.
  public var sliceLength = 16_384
  /// The number of channels of a slice; at 1 the channels of a file are averaged.
  public var channels = 1
  /// The share of a slice that the next one repeats, in `[0, 1)`.
  public var overlap = 0.0
  /// Whether only the first slice of each file is used, padded if it is short.
  public var firstSliceOnly = false
  /// Whether the slice that reaches past the end is kept, filled with zeros.
  public var padEnd = true
  /// Whether each file is first scaled to a peak of 1.
  public var normalize = false

  /// A configuration; the defaults are those of the reference, but for padding.
  public init(
    sampleRate: Int = 16_000, sliceLength: Int = 16_384, channels: Int = 1, overlap: Double = 0,
    firstSliceOnly: Bool = false, padEnd: Bool = true, normalize: Bool = false
  ) {
    (self.sampleRate, self.sliceLength, self.channels) = (sampleRate, sliceLength, channels)
    (self.overlap, self.firstSliceOnly, self.padEnd) = (overlap, firstSliceOnly, padEnd)
    self.normalize = normalize
  }

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
  package static let sampleRates = AudioFile.sampleRates
  /// What ``sliceLength`` may be.
  package static let sliceLengths = 1...1 << 24
  /// What ``channels`` may be.
  package static let channelCounts = 1...16
  /// What ``overlap`` may be.
  package static let overlaps = 0.0..<1
}
