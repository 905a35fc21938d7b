/// The cutting of audio into slices: the `audio` section of a configuration.
public struct AudioConfiguration: Codable, Equatable, Sendable {
  /// The sample rate to which audio is resampled, in Hz.
  public var sampleRate = 16_000
  /// The length of a slice, in frames.
  public var sliceLength = 16_384
  /// The number of channels of a slice; at 1 the channels of a file are averaged.
  public var channels = 1
  /// The share of a slice that overlaps with the next one, in `[0, 1)`.
  public var overlap = 0.0
  /// Whether only the first slice of each file is used, padded if it is short.
  public var firstSliceOnly = false
  /// Whether a last slice that extends past the end is kept, padded with zeros.
  public var padEnd = true
  /// Whether each file is first scaled to a peak of 1.
  public var normalize = false

  /// Creates a configuration; the defaults are those of the reference, except for `padEnd`.
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
  /// The allowed values of ``sampleRate``: the rates that can be read.
  package static let sampleRates = AudioFile.sampleRates
  /// The allowed values of ``sliceLength``.
  package static let sliceLengths = 1...1 << 24
  /// The allowed values of ``channels``.
  package static let channelCounts = 1...16
  /// The allowed values of ``overlap``.
  package static let overlaps = 0.0..<1
}
