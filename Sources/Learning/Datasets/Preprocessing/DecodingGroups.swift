internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Waveforms

/// The result of preprocessing a file.
struct FileResult: Sendable {
  var row: Source
  /// `row` as a line of `sources.jsonl`.
  var line = ""
  /// The origin of its slices; nil if it has none.
  var origin: SliceOrigin?
  /// Whether the file was decoded this time, or could not be opened or decoded.
  var isDecoded = false
  /// Whether the result was reused from the existing cache.
  var isReused = false
}

/// A decoder of the files of a listing, in order and in groups. The files of a group are decoded in
/// parallel.
///
/// A group has enough files to keep the workers busy, and a limited number of samples once decoded.
/// That number comes from the files' headers. File sizes do not help: minutes of silence compress
/// to very few bytes.
struct DecodingGroups {
  /// The largest number of samples in a group, 128 MiB as `Float`. A single file may have more.
  private static let largestSampleCount = 32 << 20
  /// The largest number of files in a group: all are open at once, and the usual limit of a process
  /// is 1024.
  private static let largestFileCount = 256
  /// The number of files in a group for each worker, so that workers with short files have others
  /// to decode while one has a long file.
  private static let filesPerWorker = 32

  private let listing: SourceListing
  private let layout: CacheLayout
  private let comparison: Comparison?
  private let workers: Workers
  private let longestDuration: Int
  private let allowsDamage: Bool
  /// The number of files returned so far.
  private(set) var done = 0
  /// The next files, already opened; the first has index `done`.
  private var pending: [PendingFile] = []

  init(
    _ listing: SourceListing, _ layout: CacheLayout, _ comparison: Comparison?,
    longestDuration: Int, allowsDamage: Bool, workers: Workers
  ) {
    (self.longestDuration, self.allowsDamage) = (longestDuration, allowsDamage)
    self.listing = listing
    self.layout = layout
    self.comparison = comparison
    self.workers = workers
  }

  /// Decodes the next group and returns its results; nil at the end.
  ///
  /// - Throws: ``SpecGANError`` if the system fails while files are read.
  mutating func next() throws(SpecGANError) -> [FileResult]? {
    try lookAhead()
    guard !pending.isEmpty else { return nil }
    var (count, sampleCount) = (0, 0)
    // The first file is taken whatever its size.
    while count < pending.count,
      count == 0 || sampleCount + pending[count].expectedSampleCount <= Self.largestSampleCount
    {
      sampleCount += pending[count].expectedSampleCount
      count += 1
    }
    let group = Array(pending.prefix(count))
    pending.removeFirst(count)
    done += count
    let audio = layout.audio
    let results = workers.map(count) { index, _ in
      Result { () throws(SpecGANError) in
        var result = try group[index].result(audio)
        result.line = try SourceRows.line(of: result.row)
        return result
      }
    }
    return try results.map { (result) throws(SpecGANError) in try result.get() }
  }

  /// Opens the files that the next group may contain: reads their headers and computes their
  /// digests.
  private mutating func lookAhead() throws(SpecGANError) {
    let first = done + pending.count
    let fileCount = min(Self.filesPerWorker * workers.count, Self.largestFileCount)
    let end = min(done + fileCount, listing.sources.count)
    guard first < end else { return }
    let reused = try (first..<end).map { (index) throws(SpecGANError) in try reusedFile(index) }
    let (listing, audio) = (listing, layout.audio)
    let (longest, allowsDamage) = (longestDuration, allowsDamage)
    let opened = workers.map(end - first) { index, _ in
      Result { () throws(SpecGANError) in
        if let known = reused[index] { return known }
        return try PendingFile(
          listing.sources[first + index], in: listing, audio, longestDuration: longest,
          allowsDamage: allowsDamage)
      }
    }
    pending += try opened.map { (file) throws(SpecGANError) in try file.get() }
  }

  /// Returns file `index` with its result from the existing cache; nil if it is not there
  /// unchanged, or its slices are damaged.
  private func reusedFile(_ index: Int) throws(SpecGANError) -> PendingFile? {
    guard let comparison, let rowIndex = comparison[index] else { return nil }
    var row = comparison.existing.rows[rowIndex]
    // The file may have been renamed or moved: only its content is the same.
    let found = listing.row(of: listing.sources[index])
    (row.path, row.input, row.label) = (found.path, found.input, found.label)
    row.isEscaped = found.isEscaped
    if row.slices == 0 { return PendingFile(row: row, state: .known(nil)) }
    guard let slices = try comparison.existing.slices(ofRow: rowIndex) else { return nil }
    return PendingFile(row: row, state: .known(slices))
  }
}

/// A file that waits for decoding, or whose result is already known.
private struct PendingFile: Sendable {
  enum State: Sendable {
    /// The result in the existing cache is reused; its slices, nil if it has none.
    case known(ExistingSlices?)
    /// The header has been read.
    case readable(OpenedSound)
    /// The file could not be opened, or its header is not valid.
    case unusable
    /// The listing found a problem, so the file was not opened.
    case problem
  }

  private var row: Source
  private let state: State
  private var location = ""
  /// Whether the intact part of a damaged file is used.
  private var allowsDamage = false

  init(row: Source, state: State) {
    self.row = row
    self.state = state
  }

  /// Opens `source`, computes its digest and reads its header.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  init(
    _ source: FoundSource, in listing: SourceListing, _ audio: AudioConfiguration,
    longestDuration: Int, allowsDamage: Bool
  ) throws(SpecGANError) {
    row = listing.row(of: source)
    self.allowsDamage = allowsDamage
    location = listing.location(of: source)
    if let problem = source.problem {
      (row.skipReason, row.kind) = (problem.reason, problem.rowKind)
      state = .problem
      return
    }
    do throws(SpecGANError) {
      let file = try InputFile(path: location)
      // The digest is computed before decoding: if the file changes during the decoding, the next
      // run detects that.
      let (digest, byteCount) = try file.digest()
      (row.bytes, row.checksum) = (byteCount, digest.hexadecimal)
      row.rights = try SoundRights(of: file)
      state = .readable(
        try OpenedSound(
          file, as: audio, longestDuration: longestDuration, allowsDamage: allowsDamage))
    } catch {
      // An empty file has a digest too, so that the next run recognizes it.
      if error.code == .audioEmpty { (row.bytes, row.checksum) = (0, ContentDigest().hexadecimal) }
      try row.skip(for: error, allowingDamage: allowsDamage)
      state = .unusable
    }
  }

  /// The largest number of samples that decoding may give; 0 if nothing is decoded.
  var expectedSampleCount: Int {
    guard case .readable(let sound) = state else { return 0 }
    return sound.expectedSampleCount
  }

  /// - Throws: ``SpecGANError`` if the system fails.
  func result(_ audio: AudioConfiguration) throws(SpecGANError) -> FileResult {
    switch state {
    case .problem: FileResult(row: row)
    case .unusable: FileResult(row: row, isDecoded: true)
    case .known(let slices):
      FileResult(row: row, origin: slices.map { .existing($0) }, isReused: true)
    case .readable(let sound): try decoded(sound, audio)
    }
  }

  private func decoded(
    _ opened: OpenedSound, _ audio: AudioConfiguration
  ) throws(SpecGANError) -> FileResult {
    var result = FileResult(row: row, isDecoded: true)
    do throws(SpecGANError) {
      let sound = try opened.decoded()
      let length = sound.waveform.frameCount
      result.row.frames = sound.sourceFrames
      result.row.sampleRate = sound.sourceRate
      result.row.channels = sound.sourceChannels
      result.row.slices = audio.sliceCount(frameCount: length)
      if sound.isDamaged { (result.row.isDamaged, result.row.isDamageAllowed) = (true, true) }
      if result.row.slices > 0 {
        result.origin = .sound(sound.waveform)
        result.row.beyondFullScale = sound.beyondFullScale > 0 ? sound.beyondFullScale : nil
        result.row.silence =
          sound.isSilent ? .file : sound.isCancelled ? .mix : nil
        result.row.remarks = sound.remarks.isEmpty ? nil : sound.remarks
      } else {
        result.row.skipReason =
          "is shorter than a slice: \(length) of \(audio.sliceLength) samples; set audio.pad_end to true."
      }
    } catch {
      try result.row.skip(for: error, allowingDamage: allowsDamage)
    }
    return result
  }
}
