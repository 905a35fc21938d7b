internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// The workspace of one worker: a transform, and buffers for a run of slices and spectrograms.
///
/// The first pass writes log-magnitudes without the Nyquist bin into the shards of spectrograms.
/// The second pass, when the moments of all slices are known, replaces them by spectrograms. So
/// each slice is transformed once, and memory holds few slices.
final class SliceWorkbench: @unchecked Sendable {  // used by one worker only
  private let audio: AudioConfiguration
  private let (sliceSize, spectrogramSize): (Int, Int)
  private let (frameCount, binCount): (Int, Int)
  private let pictureChannels: Int
  /// Whether spectrograms are written before slices. Writers of one file wait for each other, so
  /// half of the workers begin with the other file.
  private let beginsWithSpectrograms: Bool
  private var transform: SliceTransform
  private var slices: [Float] = []
  private var spectrograms: [Float] = []
  /// The log-magnitudes of a slice, `[channels, frames, bins]`, or of a run,
  /// `[slices, channels, frames, bins − 1]`.
  private var logMagnitudes: [Float] = []

  private init(_ layout: CacheLayout, worker: Int) throws(SpecGANError) {
    beginsWithSpectrograms = !worker.isMultiple(of: 2)
    transform = try SliceTransform(layout)
    audio = layout.audio
    sliceSize = layout.sliceShape.reduce(1, *)
    spectrogramSize = layout.spectrogramShape.reduce(1, *)
    (frameCount, binCount) = (layout.frameCount, layout.spectrogram.bandCount)
    pictureChannels = layout.pictureChannels
    slices.reserveCapacity(layout.slicesPerRun * sliceSize)
    spectrograms.reserveCapacity(layout.slicesPerRun * spectrogramSize)
    logMagnitudes.reserveCapacity(
      layout.slicesPerRun * max(layout.logMagnitudeCount, spectrogramSize))
  }

  /// Creates a workspace for each of `workers`.
  static func team(
    _ layout: CacheLayout, _ workers: Workers
  ) throws(SpecGANError) -> [SliceWorkbench] {
    try (0..<workers.count).map { (worker) throws(SpecGANError) in
      try SliceWorkbench(layout, worker: worker)
    }
  }

  // MARK: - First pass

  /// Writes the slices `run` and their log-magnitudes to their shards from index `first` on;
  /// returns the checksum of the slices, and the moments of each slice's frames, for each channel.
  func write(
    _ run: ArraySlice<SlicePiece>, to first: Int, of shards: ShardPair
  ) throws(SpecGANError) -> (CRC32, [[MomentsAccumulator]]) {
    slices.resize(to: run.count * sliceSize)
    spectrograms.resize(to: run.count * spectrogramSize)
    var moments: [[MomentsAccumulator]] = []
    let channelSize = frameCount * binCount
    for (index, piece) in run.enumerated() {
      let place = index * sliceSize..<(index + 1) * sliceSize
      try piece.origin.copy(piece.number, of: audio, into: &slices, place)
      transform(place)
      let values = logMagnitudes
      moments.append(
        (0..<pictureChannels).map { channel in
          var moments = MomentsAccumulator(binCount: binCount)
          moments.add(
            logMagnitudes: values.span.extracting(
              channel * channelSize..<(channel + 1) * channelSize))
          return moments
        })
      copyRows(
        of: logMagnitudes.span, length: binCount, to: &spectrograms, length: binCount - 1,
        from: index * pictureChannels * frameCount)
    }
    shards.slices.startFlushing(before: first..<first + run.count)
    if !beginsWithSpectrograms { try shards.slices.write(slices, to: first) }
    try shards.spectrograms.write(spectrograms, to: first)
    if beginsWithSpectrograms { try shards.slices.write(slices, to: first) }
    return (CRC32(of: slices), moments)
  }

  /// Computes `logMagnitudes` of the slice at `place` of `slices`.
  private func transform(_ place: Range<Int>) {
    logMagnitudes.resize(to: pictureChannels * frameCount * binCount)
    let slices = slices
    var values = logMagnitudes.mutableSpan
    transform.logMagnitudes(of: slices.span.extracting(place), into: &values)
  }

  // MARK: - Second pass

  /// Replaces the log-magnitudes at the indices `places` by spectrograms, and returns the checksum
  /// of these.
  func normalize(
    _ places: Range<Int>, of shard: ShardFile, by codec: PictureCodec
  ) throws(SpecGANError) -> CRC32 {
    shard.startFlushing(before: places)
    spectrograms.resize(to: places.count * spectrogramSize)
    logMagnitudes.resize(to: places.count * spectrogramSize)
    try shard.read(places.lowerBound, into: &logMagnitudes)
    let values = logMagnitudes
    var normalized = spectrograms.mutableSpan
    codec.normalize(
      logMagnitudes: values.span, clips: places.count, withoutNyquist: true, into: &normalized)
    try shard.write(spectrograms, to: places.lowerBound)
    return CRC32(of: spectrograms)
  }
}

extension [Float] {
  /// Resizes the array to `count` elements: removes the last ones, or appends zeros.
  fileprivate mutating func resize(to count: Int) {
    if count < self.count { return removeLast(self.count - count) }
    self += [Float](repeating: 0, count: count - self.count)
  }
}

extension CRC32 {
  /// Creates the checksum of the bytes of `numbers`.
  fileprivate init(of numbers: [Float]) {
    self.init()
    unsafe update(numbers.span.bytes)
  }
}

/// Copies the rows of `source` to the rows of `destination` from `first` on, up to the shorter
/// length.
private func copyRows(
  of source: Span<Float>, length: Int, to destination: inout [Float], length otherLength: Int,
  from first: Int
) {
  let common = min(length, otherLength)
  unsafe source.withUnsafeBufferPointer { source in
    unsafe destination.withUnsafeMutableBufferPointer { destination in
      for row in 0..<source.count / length {
        let start = (first + row) * otherLength
        let target = destination.extracting(start..<start + common)
        _ = unsafe target.update(
          fromContentsOf: source.extracting(row * length..<row * length + common))
      }
    }
  }
}

/// A shard of slices and the shard of their spectrograms.
struct ShardPair: Sendable {
  let slices: ShardFile
  let spectrograms: ShardFile

  init(
    _ index: Int, in folder: String, _ layout: CacheLayout, isNew: Bool
  ) throws(SpecGANError) {
    slices = try ShardFile(.slices, index, in: folder, layout, isNew: isNew)
    spectrograms = try ShardFile(.spectrograms, index, in: folder, layout, isNew: isNew)
  }

  /// Reserves disk space for the slices with the indices `places`, and for their spectrograms.
  func reserve(_ places: Range<Int>) {
    slices.reserve(places)
    spectrograms.reserve(places)
  }

  /// Starts flushing everything written so far.
  func startFlushing() {
    slices.startFlushing()
    spectrograms.startFlushing()
  }
}

/// The transform of a slice to log-magnitudes, with its buffers.
///
/// Preprocessing and random crops share it, so that their results are equal bit for bit.
struct SliceTransform: ~Copyable {
  private var stft: STFT
  private let (channels, pictureChannels): (Int, Int)
  /// The samples of one channel, or the mean of the channels; empty for mono.
  private var samples: [Float]
  /// The log-magnitudes of one channel; empty for mono.
  private var values: [Float]

  init(_ layout: CacheLayout) throws(SpecGANError) {
    stft = try STFT(layout.spectrogram)
    (channels, pictureChannels) = (layout.audio.channels, layout.pictureChannels)
    samples = channels == 1 ? [] : [Float](repeating: 0, count: layout.audio.sliceLength)
    values =
      channels == 1
      ? [] : [Float](repeating: 0, count: layout.logMagnitudeCount / pictureChannels)
  }

  /// Writes the log-magnitudes of `slice`, `[length, channels]`, to `logMagnitudes`,
  /// `[channels, frames, bands]`: those of its channels, or of their mean if spectrograms have one.
  mutating func logMagnitudes(of slice: Span<Float>, into logMagnitudes: inout MutableSpan<Float>) {
    guard channels > 1 else { return stft.logBandMagnitudes(of: slice, into: &logMagnitudes) }
    for channel in 0..<pictureChannels {
      if pictureChannels == channels {
        for frame in samples.indices { samples[frame] = slice[frame * channels + channel] }
      } else {
        mixDown(slice)
      }
      let mono = samples
      var buffer: [Float] = []
      swap(&buffer, &values)  // one owner, so that nothing is copied
      var magnitudes = buffer.mutableSpan
      stft.logBandMagnitudes(of: mono.span, into: &magnitudes)
      let first = channel * buffer.count
      for index in buffer.indices { logMagnitudes[first + index] = buffer[index] }
      swap(&buffer, &values)
    }
  }

  /// Sets the samples to the mean of the channels of `slice`.
  private mutating func mixDown(_ slice: Span<Float>) {
    for frame in samples.indices {
      var sum = 0.0
      for channel in 0..<channels { sum += Double(slice[frame * channels + channel]) }
      samples[frame] = Float(sum / Double(channels))
    }
  }
}
