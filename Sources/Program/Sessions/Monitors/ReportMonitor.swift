internal import SpecGANDatasets
internal import SpecGANErrors
internal import SpecGANReports
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTensors
internal import SpecGANWorkers

/// Keeps a run's page up to date: after previews, checkpoints and the end of a session.
///
/// A page costs a fraction of a second, so a run of short steps would spend its time on pages; the page is
/// left as it is until twenty times as long has passed as writing the last one took.
final class ReportMonitor: Monitor {
  private let run: RunFolder
  private var session: SessionRecord
  private let pictures = PreviewPictures()
  /// The record as it was last written.
  private var written: SessionRecord?
  private var last: (end: ContinuousClock.Instant, duration: Duration)?

  /// How long a page stays, in terms of what writing it took.
  private static let rest = 20

  /// A page for a session at `run` that trains from `cache`.
  init(_ run: RunFolder, from cache: Cache, engine: Engine) {
    self.run = run
    session = SessionRecord(from: cache, threads: engine.workers.count)
  }

  /// With a session's first step its record replaces the one before, which says how that one ended.
  func record(_ entry: RunLog.Entry) throws(SpecGANError) {
    session.outcome = nil
    try writeSession()
  }

  func record(_ preview: Preview) throws(SpecGANError) {
    pictures.forget(run.previewFolder(step: preview.step))
    try writeIfDue()
  }

  func checkpointWritten() throws(SpecGANError) { try writeIfDue() }

  func stopped(_ outcome: SessionOutcome) throws(SpecGANError) {
    session.outcome = outcome.rawValue
    try write(isTraining: false)
  }

  private func writeIfDue() throws(SpecGANError) {
    if let last, ContinuousClock.now - last.end < last.duration * Self.rest { return }
    try write(isTraining: true)
  }

  private func writeSession() throws(SpecGANError) {
    guard session != written else { return }
    try session.write(to: run)
    written = session
  }

  private func write(isTraining: Bool) throws(SpecGANError) {
    try writeSession()
    let start = ContinuousClock.now
    let report = try RunReport(reading: run, isTraining: isTraining, pictures: pictures)
    try report.write(to: run.reportPath)
    last = (.now, .now - start)
  }
}
