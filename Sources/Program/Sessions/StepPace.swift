/// The duration of a step, measured over the first ones of a session: 20 steps, or those of a
/// fiftieth of its time if that is shorter.
package struct StepPace: Equatable, Sendable {
  /// The largest number of steps that are measured.
  private static let mostMeasured = 20
  /// The share of the session's time after which measuring ends.
  private static let measuringShare = 0.02
  /// The time after which measuring ends without a limit of time, in s.
  private static let measuringSeconds = 60.0
  /// The largest share of a session that steps take; previews and checkpoints take the rest.
  private static let shareOfSteps = 0.95
  /// The largest number of steps of a session, which is that of the setting.
  package static let mostSteps = 1_000_000_000

  /// The number of steps measured.
  package private(set) var stepCount = 0
  /// Their duration in s.
  package private(set) var seconds = 0.0
  private let longest: Double
  private var elapsed = 0.0

  /// Creates the pace of a session with `limits` before its first step.
  package init(for limits: TrainingSession.Limits) {
    longest = limits.seconds.map { Self.measuringShare * $0 } ?? Self.measuringSeconds
  }

  /// Adds a step of `duration`, in s, after which the session is `elapsed` old, in s.
  package mutating func add(_ duration: Double, elapsed: Double) {
    stepCount += 1
    seconds += duration
    self.elapsed = elapsed
  }

  /// Whether enough steps are measured.
  package var isKnown: Bool {
    stepCount >= Self.mostMeasured || (stepCount > 0 && elapsed >= longest)
  }

  /// The mean duration of a step, in s; above 0.
  package var secondsPerStep: Double { max(seconds / Double(max(stepCount, 1)), 1e-9) }

  /// Returns the number of steps for which `seconds` of a session are enough, with time for
  /// previews and checkpoints.
  package func steps(in seconds: Double) -> Int {
    Int(min(Self.shareOfSteps * seconds / secondsPerStep, Double(Self.mostSteps)))
  }
}
