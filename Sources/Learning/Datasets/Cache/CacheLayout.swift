internal import SpecGANErrors
internal import Spectra
internal import Waveforms

/// The sizes of a cache, checked once, and the names of its files.
struct CacheLayout: Equatable, Sendable {
  static let record = "cache.json"
  static let sources = "sources.jsonl"
  static let moments = "moments.safetensors"
  /// The most elements of one example: one GiB of them.
  private static let largestExample = 1 << 28
  /// Elements of a shard, as far as whole examples go: 32 MiB.
  private static let shardSize = 1 << 23
  /// Elements that are written at once, as far as whole examples go: half a MiB. Writing them one
  /// by one takes the system half as long again, and a MiB hardly less.
  private static let runSize = 1 << 17

  let audio: AudioConfiguration
  let spectrogram: SpectrogramConfiguration
  /// Frames of one slice's spectrogram.
  let frameCount: Int

  init(
    audio: AudioConfiguration, spectrogram: SpectrogramConfiguration
  ) throws(SpecGANError) {
    try audio.check()
    let stft = try STFT(spectrogram)
    self.audio = audio
    self.spectrogram = spectrogram
    frameCount = stft.frameCount(of: audio.sliceLength)
    guard largestExampleSize <= Self.largestExample else {
      throw .setting(
        key: "audio.slice_length", found: "\(audio.sliceLength)",
        allowed: "one that keeps a slice and its spectrogram below \(Self.largestExample) numbers")
    }
  }

  /// Shape of one slice.
  var sliceShape: [Int] { [audio.sliceLength, audio.channels] }
  /// Shape of one spectrogram, without the Nyquist bin.
  var spectrogramShape: [Int] { [frameCount, spectrogram.binCount - 1] }
  /// Shape of one example of `kind`.
  func shape(of kind: ShardKind) -> [Int] { kind == .slices ? sliceShape : spectrogramShape }
  /// Bytes of one example of `kind`.
  func byteCount(of kind: ShardKind) -> Int {
    shape(of: kind).reduce(MemoryLayout<Float>.stride, *)
  }
  /// Slices of a shard; a function of the settings alone.
  var slicesPerShard: Int { max(1, Self.shardSize / largestExampleSize) }

  /// The most slices that are written at once.
  var slicesPerRun: Int { max(1, Self.runSize / largestExampleSize) }

  private var largestExampleSize: Int {
    max(sliceShape.reduce(1, *), spectrogramShape.reduce(1, *))
  }

  /// Whether `name` is one that a file of a cache may have.
  static func owns(_ name: String) -> Bool {
    if [record, sources, moments].contains(name) { return true }
    return ShardKind.allCases.contains { kind in
      guard name.hasPrefix("\(kind.rawValue)-"), name.hasSuffix(".safetensors") else {
        return false
      }
      let number = name.dropFirst(kind.rawValue.count + 1).dropLast(".safetensors".count)
      return number.utf8.count >= 5 && number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
  }
}

/// What a shard holds; the name of its tensor, and the first part of its file's.
enum ShardKind: String, CaseIterable, Sendable {
  case slices, spectrograms

  /// The name of shard number `index`.
  func file(_ index: Int) -> String {
    let digits = String(index)
    return
      "\(rawValue)-\(String(repeating: "0", count: max(0, 5 - digits.count)))\(digits).safetensors"
  }
}

extension AudioConfiguration {
  /// - Throws: ``SpecGANError`` for the first setting out of range.
  func check() throws(SpecGANError) {
    try Self.check("audio.sample_rate", sampleRate, Self.sampleRates)
    try Self.check("audio.slice_length", sliceLength, Self.sliceLengths)
    try Self.check("audio.channels", channels, Self.channelCounts)
    let overlaps = Self.overlaps
    guard overlaps.contains(overlap) else {
      throw .setting(
        key: "audio.overlap", found: "\(overlap)",
        allowed: "a number from \(overlaps.lowerBound) up to, not including, \(overlaps.upperBound)"
      )
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
