internal import SpecGANErrors
internal import SpecGANRuns
internal import SpecGANSettings

/// What shows a run while it goes on, such as an event file or a page.
///
/// A session calls it in the order of steps, always from one thread. What it throws does not harm the
/// run's checkpoints.
protocol Monitor: AnyObject {
  /// Takes in the step just done.
  func record(_ entry: RunLog.Entry) throws(SpecGANError)
  /// Takes in the preview made after the step just recorded.
  func record(_ preview: Preview) throws(SpecGANError)
  /// Brings what is shown up to date; the session has just left a checkpoint.
  func checkpointWritten() throws(SpecGANError)
  /// Takes back what came after `step`: the run goes on from there on another course.
  func rolledBack(to step: Int) throws(SpecGANError)
  /// Shows that the session has ended and why; its last checkpoint and preview are written.
  func stopped(_ outcome: SessionOutcome) throws(SpecGANError)
}

extension Monitor {
  func rolledBack(to step: Int) throws(SpecGANError) {}
  func stopped(_ outcome: SessionOutcome) throws(SpecGANError) {}
}
