/// An estimate of the number of steps that a session trains, from the pace of its first ones.
package struct StepEstimate: Equatable, Sendable {
  /// The number of steps of the session; nil without a limit of time.
  package let steps: Int?
  /// The mean duration of a step, in s.
  package let secondsPerStep: Double

  /// The number of steps in an hour.
  package var stepsPerHour: Double { 3600 / secondsPerStep }
}

/// A receiver of the first steps of a session, which gives one estimate as soon as their pace is
/// known.
package struct StepEstimator {
  /// The first steps of a session without a limit of time that are measured, in s.
  private static let measuredSeconds = 60.0

  private let limits: TrainingSession.Limits
  private let seconds: Double?
  private var measured = (steps: 0, seconds: 0.0)
  private var isDone: Bool

  /// Creates an estimator for a session with `limits`.
  ///
  /// With a limit of steps alone, or of less than a minute, it gives no estimate.
  package init(_ limits: TrainingSession.Limits) {
    self.limits = limits
    seconds = limits.minutes.flatMap { $0.isFinite ? 60 * $0 : nil }
    isDone = seconds.map { $0 < 60 } ?? (limits.steps != nil)
  }

  /// Adds a step, and returns the estimate if it is the last one that is needed: the 20th, or the
  /// first one after a fiftieth of the time.
  ///
  /// There is none if half of the time is over by then, or if the limit of steps comes first. The
  /// pace is that of steps alone; of the time left, previews and checkpoints take a fixed part.
  ///
  /// - Parameters:
  ///   - step: the number of steps of the run.
  ///   - duration: the duration of this step, in s.
  ///   - sessionSeconds: the duration of the session so far, in s.
  /// - Returns: the estimate, once; nil before and after.
  package mutating func estimate(
    after step: Int, of duration: Double, sessionSeconds: Double
  ) -> StepEstimate? {
    guard !isDone else { return nil }
    measured.steps += 1
    measured.seconds += duration
    let measuredShare = seconds.map { TrainingSession.measuringShare * $0 } ?? Self.measuredSeconds
    guard measured.steps >= TrainingSession.measuringSteps || sessionSeconds >= measuredShare else {
      return nil
    }
    isDone = true
    let pace = max(measured.seconds / Double(measured.steps), 1e-9)
    guard let seconds else { return StepEstimate(steps: nil, secondsPerStep: pace) }
    guard sessionSeconds < seconds / 2 else { return nil }
    // Previews and checkpoints take a part of the time that is left.
    let left = TrainingSession.shareOfSteps * (seconds - sessionSeconds) / pace
    let more = Int(min(left, Double(TrainingSession.latestEnd)))
    if let last = limits.steps, step + more >= last { return nil }
    return StepEstimate(steps: measured.steps + more, secondsPerStep: pace)
  }
}
