internal import Foundation
internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANModels
package import SpecGANPages
package import SpecGANRuns
package import SpecGANSettings
internal import SpecGANTraining

/// The report of a run: its curves, its previews beside real clips, and facts about its data and
/// machine.
///
/// All of it comes from the run's folder, so that it can be written again at any time.
package struct RunReport {
  package let run: RunFolder
  package let log: LogColumns
  /// The run's configuration; nil if it cannot be read.
  package let configuration: Configuration?
  /// The record of the last session; nil if there is none.
  package let session: SessionRecord?
  package let dataset: DatasetSummary?
  package let checkpoints: [Int]
  package let previews: PreviewTable
  /// Whether the run is in training.
  package let isTraining: Bool

  /// Reads the folder of `run`.
  ///
  /// - Throws: ``SpecGANError`` if it is not a run, or its log cannot be read.
  package init(reading run: RunFolder) throws(SpecGANError) {
    try self.init(reading: run, isTraining: Self.isLocked(run), pictures: PreviewPictures())
  }

  /// Reads the folder of `run` for the session that trains it, which keeps the pictures in
  /// `pictures`.
  package init(
    reading run: RunFolder, isTraining: Bool, pictures: PreviewPictures
  ) throws(SpecGANError) {
    guard try Folder.exists(run.path) else { throw .notFound(path: run.path) }
    guard try run.isStarted else { throw .notARun(path: run.path) }
    self.run = run
    self.isTraining = isTraining
    log = try LogColumns(path: run.logPath)
    checkpoints = try run.checkpointSteps()
    configuration = try ifUsable { () throws(SpecGANError) in
      try Configuration(path: run.configurationPath)
    }
    session = try SessionRecord(of: run)
    if let session {
      dataset = session.dataset
    } else if let paths = configuration?.paths {
      dataset = try ifUsable { () throws(SpecGANError) in
        try DatasetSummary(of: Cache(path: run.cachePath(of: paths)))
      }
    } else {
      dataset = nil
    }
    previews = try PreviewTable(
      of: run, upTo: log.lastStep, best: log.bestStep, configuration?.spectrogram,
      pictures: pictures)
  }

  /// Writes the page to `path`, completely or not at all.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be written.
  package func write(to path: String) throws(SpecGANError) {
    try AtomicFile.replace(path, with: page.markup)
  }

  /// The number of steps so far.
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
        " from \(run.path). This page needs no network."
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
        HTML(.span, .class("state live")) { "training" }
      } else {
        HTML(.span, .class("state")) { "stopped" }
        " "
        HTML(.span, .class("soft")) { ending }
      }
    }
  }

  /// The reason why training stopped.
  private var ending: String {
    guard let session else { return "" }
    guard let name = session.outcome else {
      return "the last session failed or was killed"
    }
    switch SessionOutcome(rawValue: name) {
    case .reachedSteps: return "reached the requested number of steps"
    case .reachedTime: return "stopped after the requested time"
    case .stoppedImproving: return "stopped early: no better score for training.patience steps"
    case .interrupted: return "stopped by a signal"
    case nil: return name
    }
  }
}
