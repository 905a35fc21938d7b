package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANWorkers
package import Spectra
package import Waveforms

/// A preprocessor, which writes a cache of slices, spectrograms and moments from audio files.
///
/// Every file found is tried. An unusable file is reported with the reason and has no effect on the
/// others. The same files and settings give the same bytes, for any number of workers,
/// whether or not the output has a cache already. If it has, the slices of unchanged files are
/// reused and only the others are decoded. A file that the system could not read is tried again by
/// the next run.
///
/// There is one exception: libmpg123 1.31 computes samples from uninitialized memory if the main
/// data of an MP3 frame are damaged, so two decodings of such a file may differ. Later runs reuse
/// its slices. Damaged headers and side information are detected, and their files are refused.
///
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.2.
package struct Preprocessor: Sendable {
  let inputs: [String]
  let output: String
  let layout: CacheLayout
  let allowsDamage: Bool
  let workers: Workers
  /// The limit on the duration of a file, in s.
  let longestDuration: Int
  private let patterns: [String]

  /// Creates a preprocessor of `inputs`, folders searched recursively or single files, that writes
  /// to the folder `output`.
  ///
  /// An existing cache is replaced when the new one is complete; any other file or folder is an
  /// error of ``run(progress:isInterrupted:)``. Damaged files are skipped, or used as far as they
  /// are intact if `allowsDamage` is true.
  ///
  /// A file of more than `longestDuration` seconds is skipped. The files and folders below an input
  /// that match one of `patterns` are left out: a pattern without a slash matches names, one with a
  /// slash matches paths below the input; see fnmatch(3).
  ///
  /// - Throws: ``SpecGANError`` if an input is missing or a setting is out of range.
  package init(
    inputs: [String], output: String, audio: AudioConfiguration,
    spectrogram: SpectrogramConfiguration, excluding patterns: [String] = [],
    longestDuration: Int = AudioFile.longestDuration, allowsDamage: Bool = false, workers: Workers
  ) throws(SpecGANError) {
    (self.patterns, self.longestDuration) = (patterns, longestDuration)
    guard !inputs.isEmpty else { throw .noInputs }
    guard !output.isEmpty else {
      throw .setting(key: "The output", found: "empty", allowed: "the path of a folder")
    }
    for input in inputs {
      guard try FileStatus(of: input).exists else { throw .missingInput(path: input) }
    }
    self.inputs = inputs
    self.output = output
    self.allowsDamage = allowsDamage
    self.workers = workers
    layout = try CacheLayout(audio: audio, spectrogram: spectrogram)
  }

  /// Writes the cache.
  ///
  /// `progress` and `isInterrupted` are called from the caller's thread, every few files.
  ///
  /// - Parameters:
  ///   - progress: receives the progress.
  ///   - isInterrupted: returns true to stop.
  ///   - allowReplacing: called before a cache is replaced by one with another fingerprint, with
  ///     the path and the fingerprint of the old one; it throws to keep that. It is called before
  ///     the work if the fingerprint is certain to change, otherwise after it.
  /// - Returns: the summary.
  /// - Throws: ``SpecGANError`` if no file is usable, a file cannot be written, the output is in
  ///   use or not a cache, `allowReplacing` threw, or `isInterrupted` returned true. The output is
  ///   then unchanged, unless the last flush to disk failed.
  package func run(
    progress: (PreprocessingProgress) -> Void = { _ in }, isInterrupted: () -> Bool = { false },
    allowReplacing: (_ cache: String, _ fingerprint: String) throws(SpecGANError) -> Void = {
      (_, _) throws(SpecGANError) in
    }
  ) throws(SpecGANError) -> PreprocessingSummary {
    let folder = try PartialFolder.make(for: output)
    let listing = try SourceListing(
      inputs, without: try folder.identities(), excluding: patterns)
    guard !listing.sources.isEmpty else {
      throw .noFiles(inputs: inputs, hidden: listing.hiddenCount, excluded: listing.excludedCount)
    }
    let comparison = try ExistingCache(at: folder.output, audio: layout.audio)
      .map { (existing) throws(SpecGANError) in
        try Comparison(
          listing, existing, allowsDamage: allowsDamage, workers: workers, progress, isInterrupted)
      }
    if let comparison, comparison.isSame(listing, layout),
      try isIntact(comparison.existing.cache, progress, isInterrupted)
    {
      return summary(of: comparison.existing, listing)
    }
    let old = try ifUsable { () throws(SpecGANError) in
      try CacheRecord(reading: folder.output)
    }
    if let old, !old.hasSettings(of: layout) || comparison?.missesAudio == true {
      try allowReplacing(folder.output, old.fingerprint)
    }
    var job = try PreprocessingJob(self, listing, comparison, folder: folder.path)
    let moments = try job.decode(progress, isInterrupted)
    try job.transform(against: moments, progress, isInterrupted)
    var summary = try job.finish()
    if let old, old.fingerprint != summary.fingerprint {
      try allowReplacing(folder.output, old.fingerprint)
    } else {
      try CacheUsers.copy(from: folder.output, to: folder.path)
    }
    summary.unremoved = try folder.place()
    return summary
  }

  /// Returns whether all files of `cache` match their checksums.
  private func isIntact(
    _ cache: Cache, _ progress: (PreprocessingProgress) -> Void, _ isInterrupted: () -> Bool
  ) throws(SpecGANError) -> Bool {
    do throws(SpecGANError) {
      try cache.verifyChecksums(progress, isInterrupted)
      return true
    } catch {
      if error.kind == .interrupted || error.systemFailure != nil { throw error }
      return false
    }
  }

  /// Returns the summary of a run that found no change and kept the existing cache.
  private func summary(
    of existing: ExistingCache, _ listing: SourceListing
  ) -> PreprocessingSummary {
    var summary = PreprocessingSummary(output: output, listing, layout.audio)
    summary.labels = existing.cache.labels
    summary.fingerprint = existing.cache.fingerprint
    for (source, row) in zip(listing.sources, existing.rows) {
      summary.add(row, at: listing.location(of: source))
      if row.checksum != nil { summary.reusedCount += 1 }
    }
    return summary
  }
}
