internal import Foundation
internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
package import SpecGANPages
package import SpecGANRuns
package import SpecGANSettings
internal import SpecGANTraining

/// A page that shows a run: its curves, its previews beside real sounds, and what it was trained
/// with.
///
/// All of it comes from the run's folder, so that the page can be made again at any time.
package struct RunReport {
  package let run: RunFolder
  package let log: LogColumns
  /// Nil where a run has none that can be read.
  package let configuration: Configuration?
  /// Nil for runs that wrote none.
  package let session: SessionRecord?
  package let dataset: DatasetSummary?
  package let checkpoints: [Int]
  package let previews: PreviewTable
  /// Whether the run is being trained now.
  package let isTraining: Bool

  /// Reads what there is of the run `run`.
  ///
  /// - Throws: ``SpecGANError`` where nothing has been trained there or its log cannot be read.
  package init(reading run: RunFolder) throws(SpecGANError) {
    try self.init(reading: run, isTraining: Self.isLocked(run), pictures: PreviewPictures())
  }

  /// As ``init(reading:)``, by the session that trains the run and keeps the pictures it has made.
  package init(
    reading run: RunFolder, isTraining: Bool, pictures: PreviewPictures
  ) throws(SpecGANError) {
    guard Folder.exists(run.path) else { throw .notFound(path: run.path) }
    guard run.isStarted else { throw .notARun(path: run.path) }
    self.run = run
    self.isTraining = isTraining
    log = try LogColumns(path: run.logPath)
    checkpoints = try run.checkpointSteps()
    configuration = try? Configuration(path: run.configurationPath)
    session = SessionRecord(of: run)
    dataset =
      session?.dataset
      ?? (configuration?.paths.cache).flatMap { try? Cache(path: $0) }.map(DatasetSummary.init)
    previews = PreviewTable(
      of: run, upTo: log.lastStep, configuration?.spectrogram, pictures: pictures)
  }

  /// Writes the page to `path`, whole or not at all.
  ///
  /// - Throws: ``SpecGANError`` where it cannot be written.
  package func write(to path: String) throws(SpecGANError) {
    try AtomicFile.replace(path, with: page.markup)
  }

  /// Steps done.
  package var lastStep: Int { max(log.lastStep, checkpoints.last ?? 0) }

  /// Whether another process holds the run.
  private static func isLocked(_ run: RunFolder) -> Bool {
    do throws(SpecGANError) { return try FolderLock.take(run.path) == nil } catch { return false }
  }

  package var page: Page {
    Page(title: title) {
      HTML(.header) {
        HTML(.h1) { title }
        stateLine
        figures
      }
      curves
      previews.html
      facts
      HTML(.footer) {
        "Written by specgan \(Versions.program) on "
        Date.now.formatted(.iso8601.dateSeparator(.dash).timeSeparator(.colon))
        " from \(run.path). It asks for nothing beyond itself."
      }
    }
  }

  private var title: String {
    guard let configuration else { return "A run at step \(lastStep)" }
    return
      "\(configuration.model.name), dimension \(configuration.network.dimension), at step \(lastStep)"
  }

  private var stateLine: HTML {
    HTML(.p) {
      if isTraining {
        HTML(.span, .class("state live")) { "training when this was written" }
      } else {
        HTML(.span, .class("state")) { "stopped" }
        " "
        HTML(.span, .class("soft")) { ending }
      }
    }
  }

  /// Why the run stands still.
  private var ending: String {
    guard let session else { return "" }
    guard let name = session.outcome else {
      return "its last session left no word: it failed, or something ended it"
    }
    switch SessionOutcome(rawValue: name) {
    case .reachedSteps: return "it has as many steps as asked for"
    case .reachedTime: return "it trained as long as asked for"
    case .stoppedImproving: return "its score has not improved for training.patience steps"
    case .interrupted: return "somebody stopped it"
    case nil: return name
    }
  }
}
