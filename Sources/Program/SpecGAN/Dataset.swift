internal import SpecGANDatasets
public import SpecGANErrors
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANWorkers

/// A cache of slices and spectrograms on disk, from which networks are trained.
///
/// ```swift
/// let dataset = try Dataset(preprocessing: ["sounds"], to: "cache", settings: .small)
/// for file in dataset.skipped { print("\(file.path): \(file.reason)") }
/// ```
public struct Dataset: Sendable {
  /// A file that preprocessing could not use.
  public struct SkippedFile: Equatable, Sendable {
    /// The file.
    public let path: String
    /// The reason.
    public let reason: String
  }

  /// The folder.
  public let path: String
  /// The number of slices.
  public let sliceCount: Int
  /// The labels: the names of the folders directly below the inputs.
  public let labels: [String]
  /// The files that preprocessing skipped; empty for a dataset that was opened.
  public let skipped: [SkippedFile]

  /// Opens the cache at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, damaged, or not a cache.
  public init(at path: String) throws(SpecGANError) {
    let cache = try Cache(path: path)
    self.path = path
    sliceCount = cache.count
    labels = cache.labels
    skipped = []
  }

  /// Decodes, resamples and cuts audio files, and writes a cache of their spectrograms.
  ///
  /// A cache at `path` is replaced when the new one is complete; files that have not changed are
  /// not decoded again. A cache that runs were trained on is not replaced by a different one unless
  /// `replacing` is true, because they could not resume.
  ///
  /// - Parameters:
  ///   - inputs: audio files, and folders, which are searched recursively.
  ///   - path: the folder of the cache.
  ///   - settings: the settings; only ``Settings/audio`` and ``Settings/spectrogram`` are used.
  ///   - replacing: whether a cache that runs need may be replaced.
  ///   - threads: the number of threads, 1 to 1024.
  ///   - progress: called with the completed share of the current phase, in `[0, 1]`; returns
  ///     whether to continue.
  /// - Throws: ``SpecGANError`` if no file can be used or the cache cannot be written, of kind
  ///   `occupied` if runs need the one at `path`, and of kind `interrupted` if `progress` stopped
  ///   it; an existing cache is then unchanged.
  public init(
    preprocessing inputs: [String], to path: String, settings: Settings = Settings(),
    replacing: Bool = false, threads: Int = Settings.processorCount,
    progress: (_ share: Double) -> Continuation = { _ in .proceed }
  ) throws(SpecGANError) {
    let preprocessor = try Preprocessor(
      inputs: inputs, output: path, audio: settings.audio, spectrogram: settings.spectrogram,
      longestDuration: settings.configuration.longestSeconds,
      workers: Workers(count: try Settings.checked(threads)))
    var isStopped = false
    let summary = try preprocessor.run(
      progress: {
        isStopped = progress(Double($0.done) / Double(max($0.total, 1))) == .stop || isStopped
      }, isInterrupted: { isStopped },
      allowReplacing: { path, fingerprint throws(SpecGANError) in
        if !replacing { try RunFolder.checkUnused(cache: path, fingerprint: fingerprint) }
      })
    self.path = path
    (sliceCount, labels) = (summary.sliceCount, summary.labels)
    skipped = summary.skippedFiles.map { SkippedFile(path: $0.shownPath, reason: $0.reason) }
  }
}

/// The decision of a progress closure.
public enum Continuation: Sendable {
  /// The work continues.
  case proceed
  /// The work stops, and all files remain valid.
  case stop
}
