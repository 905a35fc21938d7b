@_exported public import SpecGANErrors

/// Audio as samples in memory.
///
/// ```swift
/// let clip = try Waveform(contentsOf: "kick.flac")
/// let half = try clip.mixed(to: 1).resampled(to: clip.sampleRate / 2)
/// try half.write(to: "kick.wav")
/// ```
public struct Waveform: Equatable, Sendable {
  /// The samples, `[frames, channels]`, interleaved; nominally in `[-1, 1]`.
  public var samples: [Float]
  /// The number of channels.
  public var channels: Int
  /// The sample rate, in Hz.
  public var sampleRate: Int

  /// Creates a waveform of `samples.count / channels` frames.
  ///
  /// - Precondition: `channels` and `sampleRate` are positive, and the number of `samples` is a
  ///   multiple of `channels`.
  public init(samples: [Float], channels: Int, sampleRate: Int) {
    require(channels > 0, "channels (=\(channels)) must be positive")
    require(sampleRate > 0, "sampleRate (=\(sampleRate)) must be positive")
    require(
      samples.count.isMultiple(of: channels),
      "samples (=\(samples.count)) must be whole frames of \(channels) channels")
    self.samples = samples
    self.channels = channels
    self.sampleRate = sampleRate
  }

  /// The number of frames.
  public var frameCount: Int { samples.count / channels }
}
