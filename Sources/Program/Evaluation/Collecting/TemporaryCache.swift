internal import Foundation
internal import Scores
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// A temporary cache of a folder's audio, deleted with the last reference.
///
/// The audio is decoded, mixed, resampled and cut as in preprocessing, and memory holds none of it.
/// The cache takes as much space in the temporary folder as two copies of the slices. The next
/// process removes the cache of a process that was killed.
final class TemporaryCache: Sendable {
  let cache: Cache
  /// The files that were skipped.
  let skipped: [SkippedSource]
  /// The files that were used and have remarks.
  let remarks: [SourceRemark]
  private let folder: ClaimedFolder

  /// Creates a cache of the audio below `input`.
  ///
  /// - Throws: ``SpecGANError`` if no file is usable or the disk is full.
  init(
    of input: String, _ audio: AudioConfiguration, _ spectrogram: SpectrogramConfiguration,
    workers: Workers, _ watch: EvaluationWatch
  ) throws(SpecGANError) {
    ClaimedFolder.removeAbandoned()
    folder = try ClaimedFolder()
    let preprocessor = try Preprocessor(
      inputs: [input], output: "\(folder.path)/cache", audio: audio, spectrogram: spectrogram,
      workers: workers)
    let summary = try preprocessor.run(
      progress: { watch.progress(.init(task: "reading", done: $0.done, total: $0.total)) },
      isInterrupted: watch.isInterrupted)
    cache = try Cache(path: summary.output)
    skipped = summary.skippedFiles
    remarks = summary.remarks
  }
}

/// A folder in the temporary folder, owned and locked by this process, and removed with the last
/// reference.
private final class ClaimedFolder: Sendable {
  let path: String
  private let lock: FolderLock

  private static let prefix = "specgan-evaluation-"

  /// Creates and locks a folder.
  ///
  /// - Throws: ``SpecGANError`` if that fails.
  init() throws(SpecGANError) {
    while true {
      let path = NSTemporaryDirectory() + Self.prefix + UUID().uuidString
      try Folder.create(path)
      // Before the lock is taken another process may consider the folder abandoned.
      do throws(SpecGANError) {
        guard let lock = try FolderLock.take(path) else { continue }
        (self.path, self.lock) = (path, lock)
        return
      } catch {
        if try Folder.exists(path) { throw error }
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Removes the folders of processes that were killed.
  static func removeAbandoned() {
    let parent = NSTemporaryDirectory()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let path = parent + name
      guard let lock = try? FolderLock.takeForCertain(path) else { continue }
      withExtendedLifetime(lock) { try? FileManager.default.removeItem(atPath: path) }
    }
  }
}
