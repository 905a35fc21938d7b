internal import Safetensors
package import SpecGANErrors
internal import SpecGANFiles
package import Spectra
package import Waveforms

/// A folder of slices, spectrograms and moments, written by the preprocessor.
///
/// The files, with the names and shapes of their tensors:
/// - `cache.json`: the settings, counts, labels and checksums.
/// - `sources.jsonl`: a row per file found.
/// - `moments.safetensors`: `mean`, `deviation` and `peak`, `[bins]`, and `frame_peak`, `[1]`; of
///   stereo spectrograms `[2, bins]` and `[2]`.
/// - `slices-00000.safetensors` and so on: `slices`, `[n, length, channels]`, and `labels`, `[n]`.
/// - `spectrograms-00000.safetensors` and so on: `spectrograms`, `[n, frames, bins − 1]`, or
///   `[n, frames, bins − 1, 2]` if the slices have two channels.
/// - `runs.jsonl`: see ``CacheUsers``.
package struct Cache: Sendable {
  /// The path of the folder.
  package let path: String
  /// The audio settings of the slices.
  package let audio: AudioConfiguration
  /// The settings of the spectrograms.
  package let spectrogram: SpectrogramConfiguration
  /// The mean and deviation of each bin's log-magnitudes over all slices, for each channel of the
  /// spectrograms.
  package let moments: [Moments]
  let record: CacheRecord
  private(set) var layout: CacheLayout

  /// The number of slices, which is also the number of spectrograms.
  package var count: Int { record.counts.slices }
  /// The names of the labels, in the order of their bytes; a slice's label is an index into them.
  package var labels: [String] { record.labels }
  /// Sixteen hexadecimal digits computed from the settings, the labels and every slice.
  ///
  /// It does not depend on the location of the files, on the time or the number of workers of
  /// preprocessing, or on files without slices.
  package var fingerprint: String { record.fingerprint }

  /// Returns whether the folder `path` contains a cache, intact or damaged.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func exists(at path: String) throws(SpecGANError) -> Bool {
    try Folder.exists("\(path)/\(CacheLayout.record)")
  }

  /// Returns the ``fingerprint`` of the cache in the folder `path`, without opening its shards; nil
  /// if there is no intact record.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func fingerprint(at path: String) throws(SpecGANError) -> String? {
    try ifUsable { () throws(SpecGANError) in try CacheRecord(reading: path).fingerprint }
  }
  /// The numbers of files that were found, used and skipped.
  package var files: (found: Int, used: Int, skipped: Int) {
    (record.counts.files, record.counts.used, record.counts.skipped)
  }
  /// The duration of the used files, in seconds.
  package var secondsOfAudio: Double { record.secondsOfAudio }

  /// Opens the cache at `path`. Only the headers of the shards are read.
  ///
  /// - Throws: ``SpecGANError`` if there is no cache, it has another version, it is damaged, or
  ///   another run keeps replacing it.
  package init(path: String) throws(SpecGANError) {
    for _ in 0..<4 {
      if let cache = try Self.open(path) {
        self = cache
        return
      }
    }
    throw .replaced(path: path)
  }

  /// Returns the cache; nil if another run replaced it between the reading of two files.
  private static func open(_ path: String) throws(SpecGANError) -> Cache? {
    let record = try CacheRecord(reading: path)
    do throws(SpecGANError) {
      let cache = try Cache(path: path, record)
      // Compares the counts with the shards, so that damage is found before a run begins.
      _ = try cache.examples(.spectrograms)
      _ = try cache.examples(.slices)
      return cache
    } catch {
      if error.systemFailure != nil { throw error.inCache }
      guard try record.isCurrent(in: path) else { return nil }
      throw error.inCache
    }
  }

  private init(path: String, _ record: CacheRecord) throws(SpecGANError) {
    let file = "\(path)/\(CacheLayout.record)"
    self.path = path
    self.record = record
    do throws(SpecGANError) {
      layout = try CacheLayout(audio: record.audio, spectrogram: record.spectrogram)
    } catch {
      throw .damaged(path: file, cause: error)
    }
    (audio, self.spectrogram) = (layout.audio, layout.spectrogram)
    let counts = record.counts
    guard counts.slices > 0, (1...counts.slices).contains(counts.shards), counts.used >= 0,
      counts.skipped >= 0, counts.files == counts.used &+ counts.skipped
    else { throw .damaged(path: file, reason: "its counts contradict each other") }
    moments = try Self.moments(in: path, binCount: spectrogram.bandCount)
    guard moments.count == 1 || moments.count == audio.channels else {
      throw .damaged(
        path: "\(path)/\(CacheLayout.moments)",
        reason: "it has moments of \(moments.count) channels")
    }
    layout.pictureChannels = moments.count
  }

  /// Opens the spectrograms, each of shape `[frames, bins − 1, channels]` with values in `[−1, 1]`.
  ///
  /// - Throws: ``SpecGANError`` if a shard is damaged, or the cache was replaced.
  package func spectrograms() throws(SpecGANError) -> CachedExamples {
    try examples(.spectrograms)
  }

  /// Opens the slices, each of shape `[1, length, channels]`.
  ///
  /// - Throws: ``SpecGANError`` if a shard is damaged, or the cache was replaced.
  package func slices() throws(SpecGANError) -> CachedExamples { try examples(.slices) }

  /// Returns slice `index` of `slices`, the slices of this cache, as a waveform.
  public func waveform(_ index: Int, of slices: CachedExamples) -> Waveform {
    Waveform(
      samples: slices.values(index), channels: audio.channels, sampleRate: audio.sampleRate)
  }

  /// Returns a codec for the cache's spectrograms, which inverts them as `inversion` specifies.
  ///
  /// - Parameters:
  ///   - decoding: the settings whose headroom and subtraction of the floor are used; nil for those
  ///     of the cache.
  ///   - inversion: the settings of the inversion.
  ///   - seed: the random seed of phases.
  /// - Returns: the codec.
  /// - Throws: ``SpecGANError`` if a setting of `inversion` is out of range.
  package func codec(
    decoding: SpectrogramConfiguration? = nil, inversion: InversionConfiguration = .init(),
    seed: UInt64 = 0
  ) throws(SpecGANError) -> PictureCodec {
    var configuration = spectrogram
    if let decoding {
      configuration.subtractsFloor = decoding.subtractsFloor
      configuration.headroom = decoding.headroom
    }
    return try PictureCodec(
      configuration: configuration, moments: moments, inversion: inversion, seed: seed)
  }

  /// Reads the label of each slice: an index into ``labels``, or −1 for none.
  ///
  /// - Throws: ``SpecGANError`` if a shard is damaged, a label has no name, or the cache was
  ///   replaced.
  package func labelNumbers() throws(SpecGANError) -> [Int32] {
    var numbers: [Int32] = []
    for shard in try examples(.slices).shards { numbers += try shard.labels() }
    guard numbers.allSatisfy((-1..<Int32(clamping: labels.count)).contains) else {
      throw .damaged(
        path: "\(path)/\(CacheLayout.record)", reason: "a slice has a label without a name")
    }
    return numbers
  }

  /// Reads the rows of all files found, in order.
  ///
  /// - Throws: ``SpecGANError`` if a row is damaged, or the cache was replaced.
  package func sources() throws(SpecGANError) -> [Source] {
    try ifCurrent { () throws(SpecGANError) in try SourceRows.read(folder: path) }
  }

  // MARK: - Shards

  /// Returns the result of `body`, if the cache is still the one that was opened.
  ///
  /// - Throws: ``SpecGANError`` if the cache was replaced, or the error of `body`.
  func ifCurrent<Result>(
    _ body: () throws(SpecGANError) -> Result
  ) throws(SpecGANError) -> Result {
    let result: Result
    do throws(SpecGANError) { result = try body() } catch {
      if error.systemFailure != nil { throw error.inCache }
      guard try record.isCurrent(in: path) else { throw .replaced(path: path) }
      throw error.inCache
    }
    guard try record.isCurrent(in: path) else { throw .replaced(path: path) }
    return result
  }

  private func examples(_ kind: ShardKind) throws(SpecGANError) -> CachedExamples {
    let shape = layout.shape(of: kind)
    let shards = try ifCurrent { () throws(SpecGANError) in
      var shards: [Shard] = []
      for index in 0..<record.counts.shards {
        shards.append(try Shard(kind, index, in: path, exampleShape: shape))
      }
      try check(shards, kind)
      return shards
    }
    return CachedExamples(
      shards, shape: kind == .slices ? [1] + shape : layout.pictureShape)
  }

  /// Opens shard number `index`.
  func shard(_ kind: ShardKind, _ index: Int) throws(SpecGANError) -> Shard {
    try ifCurrent { () throws(SpecGANError) in
      try Shard(kind, index, in: path, exampleShape: layout.shape(of: kind))
    }
  }

  private func check(_ shards: [Shard], _ kind: ShardKind) throws(SpecGANError) {
    let counts = shards.map(\.count)
    let first = counts.first ?? 0
    guard counts.dropLast().allSatisfy({ $0 == first }), counts.last ?? 0 <= first,
      counts.reduce(0, +) == count
    else {
      throw .damaged(
        path: "\(path)/\(CacheLayout.record)",
        reason: "it lists \(count) \(kind.rawValue), but the shards hold \(counts.reduce(0, +))")
    }
  }

  private static func moments(in folder: String, binCount: Int) throws(SpecGANError) -> [Moments] {
    let path = "\(folder)/\(CacheLayout.moments)"
    let file = try SafetensorsFile(path: path)
    do throws(SpecGANError) { return try file.moments(binCount: binCount) } catch {
      throw error.code.room == "spectra" ? .damaged(path: path, cause: error) : error
    }
  }
}
