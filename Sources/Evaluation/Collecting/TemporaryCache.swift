internal import Datasets
internal import Files
internal import Foundation
internal import Spectra
internal import Waveforms
internal import Workers

/// The cache of a folder's sounds, which is gone when nobody needs it any more.
///
/// So sounds in folders are decoded, mixed, resampled and cut as preprocessing does it, and memory holds
/// none of them. It takes as much room in the temporary folder as two copies of the slices.
final class TemporaryCache: Sendable {
  let cache: Cache
  /// The files that could not be used.
  let skipped: [SkippedSource]
  private let folder: String

  /// The cache of the sounds below `input`.
  ///
  /// - Throws: ``EvaluationError`` where none can be used or there is no room.
  init(
    of input: String, _ audio: AudioConfiguration, _ spectrogram: SpectrogramConfiguration,
    workers: Workers, _ watch: EvaluationWatch
  ) throws(EvaluationError) {
    let folder = NSTemporaryDirectory() + "specgan-\(UUID().uuidString)"
    do throws(FileError) { try Folder.create(folder) } catch { throw .file(error) }
    do throws(DatasetError) {
      let preprocessor = try Preprocessor(
        inputs: [input], output: "\(folder)/cache", audio: audio, spectrogram: spectrogram,
        workers: workers)
      let summary = try preprocessor.run(
        progress: { watch.progress(.init(task: "reading", done: $0.done, total: $0.total)) },
        isInterrupted: watch.isInterrupted)
      cache = try Cache(path: summary.output)
      skipped = summary.skipped
    } catch {
      try? FileManager.default.removeItem(atPath: folder)
      if error == .interrupted { throw .interrupted }
      throw .dataset(error)
    }
    self.folder = folder
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }
}
