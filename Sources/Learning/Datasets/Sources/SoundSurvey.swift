package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANWorkers
internal import Waveforms

/// The properties of the audio files in a folder from which settings can be chosen: their rates,
/// channels, durations and labels.
///
/// The files are those that a ``Preprocessor`` would use: the same listing, labels and checks.
package struct SoundSurvey: Equatable, Sendable {
  /// An audio file that can be used, and that is not silent.
  package struct Sound: Equatable, Sendable {
    /// The label: the first folder below the input; empty for a file directly in it.
    package var label: String
    /// The sample rate of the file, in Hz.
    package var sampleRate: Int
    /// The number of channels of the file.
    package var channels: Int
    /// The duration, in s.
    package var seconds: Double
    /// The duration up to the last audible sample; see ``SoundDescription/audibleFrames``.
    package var audibleSeconds: Double

    package init(
      label: String = "", sampleRate: Int, channels: Int = 1, seconds: Double,
      audibleSeconds: Double
    ) {
      (self.label, self.sampleRate, self.channels) = (label, sampleRate, channels)
      (self.seconds, self.audibleSeconds) = (seconds, audibleSeconds)
    }
  }

  /// The sounds, in the order of their paths' bytes.
  package private(set) var sounds: [Sound] = []
  /// The paths of the files that are silent.
  package private(set) var silent: [String] = []
  /// The skipped files, each with its reason, in the order they were found.
  package private(set) var skippedFiles: [SkippedSource] = []

  /// Creates a survey of known sounds.
  package init(sounds: [Sound]) { self.sounds = sounds }

  /// Reads the audio files below `input` to their ends.
  ///
  /// - Parameters:
  ///   - input: a folder, searched recursively, or a single file.
  ///   - longestDuration: the limit on the duration of a file, in s.
  ///   - workers: the threads that read files.
  ///   - progress: receives the numbers of files that are read and that were found.
  ///   - isInterrupted: returns true to stop.
  /// - Throws: ``SpecGANError`` if the input is missing, no file can be used or all are silent, the
  ///   system fails, or `isInterrupted` returned true.
  package init(
    of input: String, longestDuration: Int, workers: Workers,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
    isInterrupted: () -> Bool = { false }
  ) throws(SpecGANError) {
    let listing = try SourceListing([input], without: [])
    let count = listing.sources.count
    guard count > 0 else { throw .noFiles(inputs: [input], hidden: listing.hiddenCount) }
    let portion = Self.filesPerWorker * workers.count
    for first in stride(from: 0, to: count, by: portion) {
      if isInterrupted() { throw .interrupted }
      let results = workers.map(min(portion, count - first)) { index, _ in
        Result { () throws(SpecGANError) in
          try Finding(listing.sources[first + index], in: listing, longestDuration)
        }
      }
      for result in results { add(try result.get()) }
      progress(min(first + portion, count), count)
    }
    guard sounds.isEmpty else { return }
    if silent.isEmpty {
      throw .nothingUsable(
        count: count, first: Array(skippedFiles.prefix(3)), hidden: listing.hiddenCount)
    }
    throw .nothingAudible(input: input, count: silent.count)
  }

  /// The number of files for each worker between two calls of `isInterrupted`.
  private static let filesPerWorker = 16

  private mutating func add(_ finding: Finding) {
    switch finding {
    case .sound(let sound): sounds.append(sound)
    case .silent(let path): silent.append(path)
    case .skipped(let source): skippedFiles.append(source)
    }
  }

  /// The properties of one entry of a listing.
  private enum Finding: Sendable {
    case sound(Sound)
    case silent(path: String)
    case skipped(SkippedSource)

    /// Reads `source` to its end.
    ///
    /// - Throws: ``SpecGANError`` if the system fails.
    init(
      _ source: FoundSource, in listing: SourceListing, _ longestDuration: Int
    ) throws(SpecGANError) {
      let location = listing.location(of: source)
      let shown = location.escapingForeignBytes
      var row = listing.row(of: source)
      if let problem = source.problem {
        (row.skipReason, row.kind) = (problem.reason, problem.rowKind)
      } else {
        do throws(SpecGANError) {
          let sound = try SoundDescription(of: location, longestDuration: longestDuration)
          self = sound.isSilent ? .silent(path: shown) : .sound(Sound(sound, label: row.label))
          return
        } catch {
          try row.skip(for: error, allowingDamage: false)
        }
      }
      guard let skipped = SkippedSource(row, at: location) else {
        trap("\(shown) was not skipped")
      }
      self = .skipped(skipped)
    }
  }
}

extension SoundSurvey.Sound {
  fileprivate init(_ sound: SoundDescription, label: String) {
    self.init(
      label: label, sampleRate: sound.sampleRate, channels: sound.channels, seconds: sound.seconds,
      audibleSeconds: Double(sound.audibleFrames) / Double(sound.sampleRate))
  }
}

// MARK: - Statistics

extension SoundSurvey {
  /// Returns the shortest audible duration, in s, that is not exceeded by `share` of the sounds.
  ///
  /// - Precondition: there is a sound, and `share` is in (0, 1].
  package func audibleSeconds(ofShare share: Double) -> Double {
    require(!sounds.isEmpty && share > 0 && share <= 1, "share (=\(share)) of \(sounds.count)")
    let rank = (share * Double(sounds.count)).rounded(.up)
    return sounds.map(\.audibleSeconds).sorted()[Int(rank) - 1]
  }

  /// The number of sounds of each label, without those that have none.
  package var labelCounts: [String: Int] {
    Dictionary(grouping: sounds.map(\.label).filter { !$0.isEmpty }) { $0 }.mapValues(\.count)
  }

  /// The number of sounds without a label.
  package var unlabelledCount: Int { sounds.count { $0.label.isEmpty } }
}

// MARK: - Caches

extension Cache {
  /// Returns whether a file below `input` was used for this cache, by its bytes.
  ///
  /// - Throws: ``SpecGANError`` if the rows of the cache are damaged, the input is missing, or the
  ///   system fails.
  package func sharesSound(with input: String) throws(SpecGANError) -> Bool {
    let listing = try SourceListing([input], without: [])
    let known = KnownFiles(try sources().filter { $0.slices > 0 })
    for source in listing.sources where source.problem == nil {
      let location = listing.location(of: source)
      guard try known.hold(fileOf: FileStatus(of: location).byteCount) else { continue }
      let content = try ifUsable { () throws(SpecGANError) in try FileContent(of: location) }
      if let content, known.row(of: content, preferring: listing.row(of: source)) != nil {
        return true
      }
    }
    return false
  }
}
