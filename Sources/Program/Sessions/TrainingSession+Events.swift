package import SpecGANRuns

/// The events of a session, which it reports while it trains.
extension TrainingSession {
  /// The progress of a session.
  package struct Progress: Sendable {
    /// The log entry of the step just completed.
    package let entry: RunLog.Entry
    /// The spectral distance of the newest preview, in dB; nil before the first.
    package let spectralDistance: Float?
    /// The number of steps of this session, including those that were rolled back.
    package let sessionSteps: Int
    /// The duration of this session, in s.
    package let sessionSeconds: Double
  }

  /// An event that a session reports while it trains.
  package enum Event: Sendable {
    /// A step is completed.
    case step(Progress)
    /// A warning, as a sentence.
    case warning(String)
  }
}
