internal import SpecGANErrors
internal import SpecGANReports
internal import SpecGANRuns

/// A monitor that updates a run's page after previews, checkpoints and the end of a session.
///
/// Writing a page takes a fraction of a second, which is long compared with a short step. The next
/// page is therefore written after twenty times that duration at the earliest.
final class ReportMonitor: Monitor {
  private let run: RunFolder
  private let pictures = PreviewPictures()
  /// The last preview that no page has shown; its files need not be read.
  private var newest: Preview?
  private var hasRealClips = false
  private var last: (end: ContinuousClock.Instant, duration: Duration)?

  /// The shortest time between two pages, as a multiple of the time to write one.
  private static let rest = 20

  /// Creates a monitor that writes a page into the folder of `run`.
  init(_ run: RunFolder) { self.run = run }

  func record(_ entry: RunLog.Entry, of networks: TrainedNetworksView) {}

  func record(_ preview: Preview, of networks: TrainedNetworksView) throws(SpecGANError) {
    newest = preview
    try writeIfDue()
  }

  func checkpointWritten(step: Int) throws(SpecGANError) { try writeIfDue() }

  func stopped(_ outcome: SessionOutcome) throws(SpecGANError) { try write(isTraining: false) }

  private func writeIfDue() throws(SpecGANError) {
    if let last, ContinuousClock.now - last.end < last.duration * Self.rest { return }
    try write(isTraining: true)
  }

  private func write(isTraining: Bool) throws(SpecGANError) {
    let start = ContinuousClock.now
    if let newest {
      if !hasRealClips { try pictures.add(newest.realClips, of: run.realExamplesFolder) }
      hasRealClips = true
      try pictures.add(newest.clips, of: run.previewFolder(step: newest.step))
    }
    newest = nil
    let report = try RunReport(reading: run, isTraining: isTraining, pictures: pictures)
    try report.write(to: run.reportPath)
    last = (.now, .now - start)
  }
}
