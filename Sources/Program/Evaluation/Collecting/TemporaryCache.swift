internal import Foundation
internal import Scores
internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANWorkers
internal import Spectra
internal import Waveforms

/// The cache of a folder's sounds, which is gone when nobody needs it any more.
///
/// So sounds in folders are decoded, mixed, resampled and cut as preprocessing does it, and memory
/// holds none of them. It takes as much room in the temporary folder as two copies of the slices.
/// What a process that was killed has left there is removed by the next one.
final class TemporaryCache: Sendable {
  let cache: Cache
  /// The files that could not be used.
  let skipped: [SkippedSource]
  private let folder: ClaimedFolder

  /// The cache of the sounds below `input`.
  ///
  /// - Throws: ``SpecGANError`` where none can be used or there is no room.
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
    skipped = summary.skipped
  }
}

/// A folder in the temporary folder that is this process's as long as it lives, and is removed when
/// it is dropped.
private final class ClaimedFolder: Sendable {
  let path: String
  private let lock: FolderLock

  private static let prefix = "specgan-evaluation-"

  /// - Throws: ``SpecGANError`` where none can be made.
  init() throws(SpecGANError) {
    while true {
      let path = NSTemporaryDirectory() + Self.prefix + UUID().uuidString
      try Folder.create(path)
      // Between the two another process may take it for abandoned.
      do throws(SpecGANError) {
        guard let lock = try FolderLock.take(path) else { continue }
        (self.path, self.lock) = (path, lock)
        return
      } catch {
        if Folder.exists(path) { throw error }
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Removes those of processes that did not get to it.
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
