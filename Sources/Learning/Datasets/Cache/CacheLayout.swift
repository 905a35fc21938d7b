internal import SpecGANErrors
internal import Spectra
internal import Waveforms

/// The shapes and sizes of a cache's data, checked once, and the names of its files.
struct CacheLayout: Equatable, Sendable {
  static let record = "cache.json"
  static let sources = "sources.jsonl"
  static let moments = "moments.safetensors"
  /// See ``CacheUsers``.
  static let users = "runs.jsonl"
  /// The largest number of elements of one example: 1 GiB.
  private static let largestExample = 1 << 28
  /// The largest number of elements of a shard with more than one example: 32 MiB.
  private static let shardSize = 1 << 23
  /// The largest number of elements of a write with more than one example: 512 KiB. Writing single
  /// examples takes 1.5 times the system time; writing 1 MiB takes hardly less.
  private static let runSize = 1 << 17

  let audio: AudioConfiguration
  let spectrogram: SpectrogramConfiguration
  /// The number of frames of a slice's spectrogram.
  let frameCount: Int
  /// The number of channels of a slice's spectrogram: that of the slice if a ``PictureCodec`` can
  /// have as many, otherwise 1, of the mean of its channels. Caches of version 0.2 have 1.
  var pictureChannels: Int

  /// Creates the layout of a new cache with these settings.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range, or an example would be too large.
  init(
    audio: AudioConfiguration, spectrogram: SpectrogramConfiguration
  ) throws(SpecGANError) {
    try audio.check()
    pictureChannels = audio.channels <= PictureCodec.largestChannelCount ? audio.channels : 1
    let stft = try STFT(spectrogram)
    self.audio = audio
    self.spectrogram = spectrogram.withoutIdleSettings
    frameCount = stft.frameCount(of: audio.sliceLength)
    guard largestExampleSize <= Self.largestExample else {
      throw .setting(
        key: "audio.slice_length", found: "\(audio.sliceLength)",
        allowed:
          "fewer samples; a slice or spectrogram has at most \(Self.largestExample) values")
    }
  }

  /// The shape of a slice: `[length, channels]`.
  var sliceShape: [Int] { [audio.sliceLength, audio.channels] }
  /// The shape of a spectrogram as a network reads it, without the Nyquist bin:
  /// `[frames, bands − 1, channels]`; see ``SpectrogramConfiguration/bandCount``.
  var pictureShape: [Int] { [frameCount, spectrogram.bandCount - 1, pictureChannels] }
  /// The shape of a spectrogram in a shard: that of a picture, or `[frames, bands − 1]` if it has
  /// one channel.
  var spectrogramShape: [Int] { pictureChannels == 1 ? pictureShape.dropLast() : pictureShape }
  /// The number of log-magnitudes of a slice, with the Nyquist bins.
  var logMagnitudeCount: Int { pictureChannels * frameCount * spectrogram.bandCount }
  /// Returns the shape of an example of `kind`.
  func shape(of kind: ShardKind) -> [Int] { kind == .slices ? sliceShape : spectrogramShape }
  /// Returns the size of an example of `kind`, in bytes.
  func byteCount(of kind: ShardKind) -> Int {
    shape(of: kind).reduce(MemoryLayout<Float>.stride, *)
  }
  /// The number of slices of a shard; a function of the settings alone.
  var slicesPerShard: Int { max(1, Self.shardSize / largestExampleSize) }

  /// The largest number of slices that are written at once.
  var slicesPerRun: Int { max(1, Self.runSize / largestExampleSize) }

  private var largestExampleSize: Int {
    max(sliceShape.reduce(1, *), spectrogramShape.reduce(1, *))
  }

  /// Returns whether a file of a cache may have the name `name`.
  static func owns(_ name: String) -> Bool {
    if [record, sources, moments, users].contains(name) { return true }
    return ShardKind.allCases.contains { kind in
      guard name.hasPrefix("\(kind.rawValue)-"), name.hasSuffix(".safetensors") else {
        return false
      }
      let number = name.dropFirst(kind.rawValue.count + 1).dropLast(".safetensors".count)
      return number.utf8.count >= 5 && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
  }
}

/// The kind of a shard's examples; the name of its tensor, and the first part of its file's name.
enum ShardKind: String, CaseIterable, Sendable {
  case slices, spectrograms

  /// Returns the file name of shard number `index`.
  func file(_ index: Int) -> String {
    let digits = String(index)
    return
      "\(rawValue)-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).safetensors"
  }
}

extension AudioConfiguration {
  /// Checks that every setting is in its range.
  ///
  /// - Throws: ``SpecGANError`` for the first setting that is out of range.
  func check() throws(SpecGANError) {
    try Self.check("audio.sample_rate", sampleRate, Self.sampleRates)
    try Self.check("audio.slice_length", sliceLength, Self.sliceLengths)
    try Self.check("audio.channels", channels, Self.channelCounts)
    let overlaps = Self.overlaps
    guard overlaps.contains(overlap) else {
      throw .setting(
        key: "audio.overlap", found: "\(overlap)",
        allowed: "at least \(overlaps.lowerBound) and less than \(overlaps.upperBound)")
    }
  }

  private static func check(
    _ key: String, _ value: Int, _ range: ClosedRange<Int>
  ) throws(SpecGANError) {
    guard !range.contains(value) else { return }
    throw .setting(
      key: key, found: "\(value)", allowed: "\(range.lowerBound) to \(range.upperBound)")
  }
}
