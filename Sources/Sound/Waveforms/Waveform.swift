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

extension Waveform {
  /// Joins `waveforms` one after the other, with `silence` frames of zeros between them.
  ///
  /// - Precondition: `waveforms` is not empty, all have the same number of channels and the same
  ///   sample rate, and `silence` is not negative.
  package init(joining waveforms: [Waveform], silence: Int) {
    require(!waveforms.isEmpty, "waveforms must not be empty")
    require(silence >= 0, "silence (=\(silence)) must not be negative")
    let first = waveforms[0]
    require(
      waveforms.allSatisfy { $0.channels == first.channels && $0.sampleRate == first.sampleRate },
      "waveforms must have the same number of channels and the same sample rate")
    let pause = silence * first.channels
    var samples: [Float] = []
    samples.reserveCapacity(
      waveforms.reduce(pause * (waveforms.count - 1)) { $0 + $1.samples.count })
    for waveform in waveforms {
      if !samples.isEmpty { samples.append(contentsOf: repeatElement(0, count: pause)) }
      samples += waveform.samples
    }
    self.init(samples: samples, channels: first.channels, sampleRate: first.sampleRate)
  }
}
