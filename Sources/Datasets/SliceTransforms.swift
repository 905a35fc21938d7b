internal import Spectra
internal import Waveforms
internal import Workers

/// One short-time Fourier transform for each worker.
struct SliceTransforms: Sendable {
  private let transforms: [SliceTransform]

  init(_ layout: CacheLayout, workers: Workers) throws(DatasetError) {
    transforms = try (0..<workers.count).map { (_) throws(DatasetError) in
      try SliceTransform(layout)
    }
  }

  /// The log-magnitudes of `slice`, `[length, channels]`: `[frames, bins]`, of the channels' mean.
  func logMagnitudes(of slice: Span<Float>, worker: Int) -> [Float] {
    transforms[worker].logMagnitudes(of: slice)
  }
}

private final class SliceTransform: @unchecked Sendable {  // one worker alone uses it
  private var stft: STFT
  private let channels: Int

  init(_ layout: CacheLayout) throws(DatasetError) {
    stft = try withSpectra { () throws(SpectraError) in try STFT(layout.spectrogram) }
    channels = layout.audio.channels
  }

  func logMagnitudes(of slice: Span<Float>) -> [Float] {
    if channels == 1 { return stft.logMagnitudes(of: slice) }
    let mean = stride(from: 0, to: slice.count, by: channels).map { start in
      let sum = (start..<start + channels).reduce(0.0) { $0 + Double(slice[$1]) }
      return Float(sum / Double(channels))
    }
    return stft.logMagnitudes(of: mean.span)
  }
}
