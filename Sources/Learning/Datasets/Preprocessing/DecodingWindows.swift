internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANWorkers
internal import Waveforms

/// The result of preprocessing a file.
struct TriedFile: Sendable {
  var row: Source
  /// The line of the row in `sources.jsonl`.
  var line = ""
  /// The origin of its slices; nil if it has none.
  var origin: SliceOrigin?
  /// Whether this run decoded the file or tried to.
  var isDecoded = false
  /// Whether the result is that of the existing cache.
  var isTakenOver = false
}

/// A reader of the files of a listing in order, a window at a time, each window in parallel.
///
/// A window has enough files to keep the workers busy, and is limited by the number of decoded
/// samples. That number comes from the headers: minutes of silence compress to very few bytes, so
/// the size of a file says nothing.
struct DecodingWindows {
  /// The largest number of samples of a window with more than one file: 128 MiB.
  private static let largestWindow = 32 << 20
  /// The largest number of files of a window. All are open at once, and a process may open about a
  /// thousand.
  private static let largestCount = 256

  private let listing: SourceListing
  private let layout: CacheLayout
  private let comparison: Comparison?
  private let workers: Workers
  /// The number of files returned so far.
  private(set) var done = 0
  /// The files from `done` on whose headers have been read.
  private var opened: [OpenedFile] = []

  init(
    _ listing: SourceListing, _ layout: CacheLayout, _ comparison: Comparison?, workers: Workers
  ) {
    self.listing = listing
    self.layout = layout
    self.comparison = comparison
    self.workers = workers
  }

  /// Returns the next window; nil at the end.
  mutating func next() throws(SpecGANError) -> [TriedFile]? {
    lookAhead()
    guard !opened.isEmpty else { return nil }
    var (count, sampleCount) = (0, 0)
    while count < opened.count,
      count == 0 || sampleCount + opened[count].expectedSampleCount <= Self.largestWindow
    {
      sampleCount += opened[count].expectedSampleCount
      count += 1
    }
    let window = Array(opened.prefix(count))
    opened.removeFirst(count)
    done += count
    let audio = layout.audio
    let tried = workers.map(count) { index, _ in
      Result { () throws(SpecGANError) in
        var tried = window[index].tried(audio)
        tried.line = try SourceRows.line(of: tried.row)
        return tried
      }
    }
    return try tried.map { (result) throws(SpecGANError) in try result.get() }
  }

  /// Reads the headers of the files that the next window may contain.
  private mutating func lookAhead() {
    let first = done + opened.count
    let end = min(done + min(32 * workers.count, Self.largestCount), listing.sources.count)
    guard first < end else { return }
    let former = (first..<end).map(formerFile)
    let (listing, audio) = (listing, layout.audio)
    opened += workers.map(end - first) { index, _ in
      former[index] ?? OpenedFile(listing.sources[first + index], in: listing, audio)
    }
  }

  /// Returns file `index` as recorded in the existing cache; nil if it has to be decoded.
  private func formerFile(_ index: Int) -> OpenedFile? {
    guard let comparison, let place = comparison[index] else { return nil }
    let known = comparison.existing.rows[place]
    var row = known
    let found = listing.row(of: listing.sources[index])
    (row.path, row.input, row.label) = (found.path, found.input, found.label)
    if row.slices == 0 { return OpenedFile(row: row, state: .known(nil)) }
    guard let slices = comparison.existing.slices(ofRow: place) else { return nil }
    return OpenedFile(row: row, state: .known(slices))
  }
}

/// A file whose header has been read or need not be read.
private struct OpenedFile: Sendable {
  enum State: Sendable {
    /// The file is unchanged; its slices in the existing cache, nil if it has none.
    case known(ExistingSlices?)
    /// The header has been read.
    case sound(OpenedSound)
    /// The file could not be opened, or its header is not valid.
    case refused
    /// The listing found a problem, so the file was not opened.
    case problem
  }

  private var row: Source
  private let state: State
  private var location = ""

  init(row: Source, state: State) {
    self.row = row
    self.state = state
  }

  /// Opens `source` and reads its header.
  init(_ source: FoundSource, in listing: SourceListing, _ audio: AudioConfiguration) {
    row = listing.row(of: source)
    location = listing.location(of: source)
    if let problem = source.problem {
      row.skipReason = problem
      state = .problem
      return
    }
    do throws(SpecGANError) {
      let file = try InputFile(path: location)
      // Computed before decoding: if the file changes in between, the next run detects it.
      let (digest, byteCount) = try file.digest()
      (row.bytes, row.checksum) = (byteCount, digest.hexadecimal)
      state = .sound(try OpenedSound(file, as: audio))
    } catch {
      if error.code == .audioEmpty { (row.bytes, row.checksum) = (0, ContentDigest().hexadecimal) }
      Self.skip(&row, for: error)
      state = .refused
    }
  }

  var expectedSampleCount: Int {
    guard case .sound(let sound) = state else { return 0 }
    return sound.expectedSampleCount
  }

  func tried(_ audio: AudioConfiguration) -> TriedFile {
    switch state {
    case .problem: TriedFile(row: row)
    case .refused: TriedFile(row: row, isDecoded: true)
    case .known(let slices):
      TriedFile(row: row, origin: slices.map { .existing($0) }, isTakenOver: true)
    case .sound(let sound): decoded(sound, audio)
    }
  }

  private func decoded(_ sound: OpenedSound, _ audio: AudioConfiguration) -> TriedFile {
    var tried = TriedFile(row: row, isDecoded: true)
    do throws(SpecGANError) {
      let decoded = try sound.decoded()
      let length = decoded.waveform.frameCount
      tried.row.frames = decoded.sourceFrames
      tried.row.sampleRate = decoded.sourceRate
      tried.row.channels = decoded.sourceChannels
      tried.row.slices = audio.sliceOffsets(frameCount: length).reduce(0) { count, _ in count + 1 }
      if tried.row.slices > 0 {
        tried.origin = .sound(decoded.waveform)
        tried.row.beyondFullScale = decoded.beyondFullScale > 0 ? decoded.beyondFullScale : nil
      } else {
        tried.row.skipReason =
          "is shorter than a slice: \(length) of \(audio.sliceLength) samples; set audio.pad_end to true."
      }
    } catch {
      Self.skip(&tried.row, for: error)
    }
    return tried
  }

  /// Records in `row` why its file is skipped.
  ///
  /// If the system could not read the file, size and checksum are removed, so that the next run
  /// tries again.
  private static func skip(_ row: inout Source, for error: SpecGANError) {
    row.skipReason = error.predicate
    if [.missing, .unreadable].contains(error.kind) { (row.bytes, row.checksum) = (nil, nil) }
  }
}
