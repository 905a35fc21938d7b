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
/// known; see ``StepPace``.
package struct StepEstimator {
  private let limits: TrainingSession.Limits
  private let previews: PreviewSchedule?
  private var pace: StepPace
  private var isDone: Bool

  /// Creates an estimator for a session with `limits` and the schedule `previews`, nil without
  /// previews.
  ///
  /// With a limit of steps alone, or of less than a minute, it gives no estimate.
  package init(_ limits: TrainingSession.Limits, previews: PreviewSchedule? = nil) {
    (self.limits, self.previews) = (limits, previews)
    pace = StepPace(for: limits)
    isDone = limits.seconds.map { $0 < 60 } ?? (limits.steps != nil)
  }

  /// Adds a step, and returns the estimate if it is the last one that is needed.
  ///
  /// There is none if half of the time is over by then, or if the limit of steps comes first. The
  /// pace is that of steps alone; of the time left, previews and checkpoints take a fixed part, or
  /// as much for each scheduled preview as they took so far, if that is more.
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
    pace.add(duration, elapsed: sessionSeconds)
    guard pace.isKnown else { return nil }
    isDone = true
    guard let seconds = limits.seconds else {
      return StepEstimate(steps: nil, secondsPerStep: pace.secondsPerStep)
    }
    guard sessionSeconds < seconds / 2 else { return nil }
    let more = steps(
      after: step, in: seconds - sessionSeconds, othersSoFar: sessionSeconds - pace.seconds)
    if let last = limits.steps, step + more >= last { return nil }
    return StepEstimate(
      steps: pace.stepCount + more, secondsPerStep: pace.secondsPerStep)
  }

  /// Returns the number of steps after `step` in `seconds`, if all but the steps took `others`
  /// seconds so far.
  private func steps(after step: Int, in seconds: Double, othersSoFar others: Double) -> Int {
    let most = pace.steps(in: seconds)
    guard let previews else { return most }
    let before = previews.count(through: step)
    let measured = before - previews.count(through: step - pace.stepCount)
    // A session that resumes may have begun without a preview.
    guard measured > 0, others > 0 else { return most }
    let perPreview = others / Double(measured)
    func time(of count: Int) -> Double {
      Double(count) * pace.secondsPerStep
        + Double(previews.count(through: step + count) - before) * perPreview
    }
    var (enough, tooMany) = (0, most + 1)
    while tooMany - enough > 1 {
      let count = (enough + tooMany) / 2
      if time(of: count) <= seconds { enough = count } else { tooMany = count }
    }
    return enough
  }
}
