/// Why a session ended.
package enum SessionOutcome: String, Sendable {
  /// The run has as many steps as asked for.
  case reachedSteps = "reached_steps"
  /// The session took as long as asked for.
  case reachedTime = "reached_time"
  /// Somebody asked to stop.
  case interrupted
  /// The score has not improved for as many steps as the run has patience for.
  case stoppedImproving = "stopped_improving"
}
