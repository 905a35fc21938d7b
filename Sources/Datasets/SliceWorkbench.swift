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
    try origin.copy(number, of: audio, into: &slice)
    let values = transformed()
    var moments = MomentsAccumulator(binCount: binCount)
    moments.add(logMagnitudes: values.span)
    copyRows(of: values.span, length: binCount, to: &spectrogram, length: binCount - 1)
    shards.slices.startFlushing(before: place)
    try shards.slices.write(slice, to: place)
    try shards.spectrograms.write(spectrogram, to: place)
    return (CRC32(of: slice), moments)
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
    shard.startFlushing(before: place)
    try shard.read(place, into: &spectrogram)
    copyRows(of: spectrogram.span, length: binCount - 1, to: &logMagnitudes, length: binCount)
    let values = logMagnitudes
    var normalized = spectrogram.mutableSpan
    normalizer.normalize(logMagnitudes: values.span, into: &normalized)
    try shard.write(spectrogram, to: place)
    return CRC32(of: spectrogram)
  }
}

extension CRC32 {
  /// The checksum of the bytes of `numbers`.
  fileprivate init(of numbers: [Float]) {
    self.init()
    unsafe update(numbers.span.bytes)
  }
}

/// Copies the rows of `source` to those of `destination`, as much as the shorter ones hold.
private func copyRows(
  of source: Span<Float>, length: Int, to destination: inout [Float], length otherLength: Int
) {
  let common = min(length, otherLength)
  unsafe source.withUnsafeBufferPointer { source in
    unsafe destination.withUnsafeMutableBufferPointer { destination in
      for row in 0..<source.count / length {
        let target = destination.extracting(row * otherLength..<row * otherLength + common)
        _ = unsafe target.update(
          fromContentsOf: source.extracting(row * length..<row * length + common))
      }
    }
  }
}

/// The shard of some slices, and that of their spectrograms.
struct ShardPair: Sendable {
  let slices: ShardFile
  let spectrograms: ShardFile

  init(
    _ index: Int, in folder: String, _ layout: CacheLayout, isNew: Bool
  ) throws(DatasetError) {
    slices = try ShardFile(.slices, index, in: folder, layout, isNew: isNew)
    spectrograms = try ShardFile(.spectrograms, index, in: folder, layout, isNew: isNew)
  }

  /// Asks the system to bring to disk what was written so far.
  func startFlushing() {
    slices.startFlushing()
    spectrograms.startFlushing()
  }
}
