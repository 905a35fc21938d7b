package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANWorkers
package import Spectra
package import Waveforms

/// Makes a cache of slices, spectrograms and moments from folders of sounds.
///
/// Every file found is tried; one that cannot be used is named with its reason and leaves no trace
/// in what becomes of the others. The same files and settings give the same bytes, whatever the
/// number of workers, and whatever cache is at the output already; from that one the slices of
/// files whose bytes have not changed are taken over, and only the others are decoded. What the
/// system refused to read is tried again by the next run.
///
/// There is one exception: libmpg123 1.31 makes samples of memory that it has not set where it
/// meets an MP3 frame whose main data are damaged, so two decodings of such a file may differ; from
/// then on its slices are taken over. Damaged headers and side information are seen, and their
/// files refused.
///
/// Source: Donahue, McAuley and Puckette, "Adversarial Audio Synthesis", ICLR 2019, section 3.2.
package struct Preprocessor: Sendable {
  let inputs: [String]
  let output: String
  let layout: CacheLayout
  let workers: Workers

  /// A preprocessor of `inputs`, folders walked to their ends or single files, to the folder
  /// `output`.
  ///
  /// A cache that is there already is replaced once the new one is whole; anything else is left
  /// alone.
  /// - Throws: ``SpecGANError`` where an input is missing or a setting out of range.
  package init(
    inputs: [String], output: String, audio: AudioConfiguration,
    spectrogram: SpectrogramConfiguration, workers: Workers
  ) throws(SpecGANError) {
    guard !inputs.isEmpty else { throw .noInputs }
    guard !output.isEmpty else {
      throw .setting(key: "The output", found: "empty", allowed: "a folder's name")
    }
    for input in inputs where !FileStatus(of: input).exists { throw .missingInput(path: input) }
    self.inputs = inputs
    self.output = output
    self.workers = workers
    layout = try CacheLayout(audio: audio, spectrogram: spectrogram)
  }

  /// Makes the cache.
  ///
  /// `progress` and `isInterrupted` are called from the caller's thread, every few files.
  /// - Throws: ``SpecGANError``; then whatever was at the output is there still, and nothing else.
  package func run(
    progress: (PreprocessingProgress) -> Void = { _ in }, isInterrupted: () -> Bool = { false }
  ) throws(SpecGANError) -> PreprocessingSummary {
    let folder = try PartialFolder.make(for: output)
    let listing = try SourceListing(inputs, excluding: folder.identities)
    guard !listing.sources.isEmpty else { throw .noFiles(inputs: inputs) }
    let comparison = try FormerCache(at: folder.output, audio: layout.audio)
      .map { (former) throws(SpecGANError) in
        try Comparison(listing, former, workers: workers, progress, isInterrupted)
      }
    if let comparison, comparison.isSame(listing, layout),
      try isWhole(comparison.former.cache, progress, isInterrupted)
    {
      return summary(of: comparison.former, listing)
    }
    var job = try PreprocessingJob(self, listing, comparison, folder: folder.path)
    let moments = try job.decode(progress, isInterrupted)
    try job.transform(against: moments, progress, isInterrupted)
    let summary = try job.finish()
    try folder.place()
    return summary
  }

  /// Whether the files of `cache` are as they were written.
  private func isWhole(
    _ cache: Cache, _ progress: (PreprocessingProgress) -> Void, _ isInterrupted: () -> Bool
  ) throws(SpecGANError) -> Bool {
    do throws(SpecGANError) {
      try cache.verifyChecksums(progress, isInterrupted)
      return true
    } catch {
      if error.kind == .interrupted { throw error }
      return false
    }
  }

  /// What there is to say where nothing has changed, and the cache stays.
  private func summary(
    of former: FormerCache, _ listing: SourceListing
  ) -> PreprocessingSummary {
    var summary = PreprocessingSummary(output: output)
    summary.files = listing.sources.count
    summary.hidden = listing.hiddenCount
    summary.labels = former.cache.labels
    summary.fingerprint = former.cache.fingerprint
    for (source, row) in zip(listing.sources, former.rows) {
      summary.add(row, at: listing.location(of: source))
      if row.checksum != nil { summary.takenOver += 1 }
    }
    return summary
  }
}
