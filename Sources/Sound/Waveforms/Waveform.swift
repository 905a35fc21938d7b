/// A sound: what a loudspeaker is to do, at even steps of time.
public struct Waveform: Equatable, Sendable {
  /// Shape `[frames, channels]`, interleaved; nominally in `[-1, 1]`, and whatever a float file holds.
  public var samples: [Float]
  /// Samples of a frame.
  public var channels: Int
  /// Frames a second, in hertz.
  public var sampleRate: Int

  /// A sound of `samples.count / channels` frames.
  ///
  /// - Precondition: `channels` and `sampleRate` are positive, and `samples` are whole frames.
  public init(samples: [Float], channels: Int, sampleRate: Int) {
    precondition(channels > 0, "channels (=\(channels)) must be positive")
    precondition(sampleRate > 0, "sampleRate (=\(sampleRate)) must be positive")
    precondition(
      samples.count.isMultiple(of: channels),
      "samples (=\(samples.count)) must be whole frames of \(channels) channels")
    self.samples = samples
    self.channels = channels
    self.sampleRate = sampleRate
  }

  /// How many frames there are.
  public var frameCount: Int { samples.count / channels }
}
