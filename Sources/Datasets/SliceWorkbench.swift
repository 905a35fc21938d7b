internal import Files
internal import Spectra
internal import Waveforms
internal import Workers

/// What one worker needs to make slices and spectrograms: a transform, and room for one of each.
///
/// The log-magnitudes wait in the spectrogram's place, without the Nyquist bin, for the moments of all of
/// them to be known. So each slice is transformed once, and memory holds one.
final class SliceWorkbench: @unchecked Sendable {  // one worker alone uses it
  private let audio: AudioConfiguration
  private let binCount: Int
  private var stft: STFT
  private var slice: [Float]
  private var spectrogram: [Float]
  /// `[frames, bins]`, the Nyquist bin zero.
  private var logMagnitudes: [Float]

  init(_ layout: CacheLayout) throws(DatasetError) {
    stft = try withSpectra { () throws(SpectraError) in try STFT(layout.spectrogram) }
    audio = layout.audio
    binCount = layout.spectrogram.binCount
    slice = [Float](repeating: 0, count: layout.sliceShape.reduce(1, *))
    spectrogram = [Float](repeating: 0, count: layout.spectrogramShape.reduce(1, *))
    logMagnitudes = [Float](repeating: 0, count: layout.frameCount * binCount)
  }

  /// One for each of `workers`.
  static func team(
    _ layout: CacheLayout, _ workers: Workers
  ) throws(DatasetError) -> [SliceWorkbench] {
    try (0..<workers.count).map { (_) throws(DatasetError) in try SliceWorkbench(layout) }
  }

  // MARK: - First pass

  /// Writes slice `number` of `origin` and its log-magnitudes to `place` of their shards; returns the
  /// slice's checksum and the moments of its frames.
  func write(
    _ number: Int, of origin: SliceOrigin, to place: Int, of shards: ShardPair
  ) throws(FileError) -> (CRC32, MomentsAccumulator) {
    origin.copy(number, of: audio, into: &slice)
    let checksum = try shards.slices.write(slice, to: place)
    let logMagnitudes = transformed()
    var moments = MomentsAccumulator(binCount: binCount)
    moments.add(logMagnitudes: logMagnitudes.span)
    let kept = binCount - 1
    for frame in 0..<spectrogram.count / kept {
      for bin in 0..<kept {
        spectrogram[frame * kept + bin] = logMagnitudes[frame * binCount + bin]
      }
    }
    _ = try shards.spectrograms.write(spectrogram, to: place)
    return (checksum, moments)
  }

  /// The log-magnitudes of the slice, `[frames, bins]`, of the channels' mean.
  private func transformed() -> [Float] {
    let (slice, channels) = (slice, audio.channels)
    if channels == 1 { return stft.logMagnitudes(of: slice.span) }
    let mean = stride(from: 0, to: slice.count, by: channels).map { start in
      let sum = (start..<start + channels).reduce(0.0) { $0 + Double(slice[$1]) }
      return Float(sum / Double(channels))
    }
    return stft.logMagnitudes(of: mean.span)
  }

  // MARK: - Second pass

  /// Replaces the log-magnitudes at `place` by the spectrogram, and returns its checksum.
  func normalize(
    _ place: Int, of shard: ShardFile, by normalizer: SpectrogramNormalizer
  ) throws(FileError) -> CRC32 {
    try shard.read(place, into: &spectrogram)
    let kept = binCount - 1
    for frame in 0..<spectrogram.count / kept {
      for bin in 0..<kept {
        logMagnitudes[frame * binCount + bin] = spectrogram[frame * kept + bin]
      }
    }
    let values = logMagnitudes
    var normalized = spectrogram.mutableSpan
    normalizer.normalize(logMagnitudes: values.span, into: &normalized)
    return try shard.write(spectrogram, to: place)
  }
}

/// The shard of some slices, and that of their spectrograms.
struct ShardPair: Sendable {
  let slices: ShardFile
  let spectrograms: ShardFile

  init(_ index: Int, in folder: String, _ layout: CacheLayout) throws(DatasetError) {
    slices = try ShardFile(.slices, index, in: folder, layout)
    spectrograms = try ShardFile(.spectrograms, index, in: folder, layout)
  }
}
