internal import SpecGANErrors
internal import Spectra
internal import Waveforms

/// The transform of a slice to log-magnitudes, with its buffers.
///
/// Preprocessing and random crops share it, so that their results are equal bit for bit.
struct SliceTransform: ~Copyable {
  private var stft: STFT
  private let channels: Int
  /// The mean of the channels; empty for mono.
  private var mono: [Float]

  init(
    _ spectrogram: SpectrogramConfiguration, _ audio: AudioConfiguration
  ) throws(SpecGANError) {
    stft = try STFT(spectrogram)
    channels = audio.channels
    mono = channels == 1 ? [] : [Float](repeating: 0, count: audio.sliceLength)
  }

  /// Writes the log-magnitudes of the mean of the channels of `slice`, `[length, channels]`, to
  /// `logMagnitudes`, `[frames, bins]`.
  mutating func logMagnitudes(of slice: Span<Float>, into logMagnitudes: inout MutableSpan<Float>) {
    guard channels > 1 else { return stft.logMagnitudes(of: slice, into: &logMagnitudes) }
    for frame in mono.indices {
      var sum = 0.0
      for channel in 0..<channels { sum += Double(slice[frame * channels + channel]) }
      mono[frame] = Float(sum / Double(channels))
    }
    let mean = mono
    stft.logMagnitudes(of: mean.span, into: &logMagnitudes)
  }
}
