import SpecGANSessions
import Testing

/// The number of steps that a session's time is for.
@Suite struct StepEstimateTests {
  /// Returns the estimate of a session with `limits` whose steps take `pace` seconds, and the step
  /// after which it was given; each step takes half as much again for previews.
  private func estimate(
    steps: Int? = nil, minutes: Double? = nil, pace: Double, from first: Int = 0
  ) -> (step: Int, estimate: StepEstimate)? {
    var limits = TrainingSession.Limits()
    (limits.steps, limits.minutes) = (steps, minutes)
    var estimator = StepEstimator(limits)
    var found: (step: Int, estimate: StepEstimate)?
    for step in 1...200 {
      let next = estimator.estimate(
        after: first + step, of: pace, sessionSeconds: 1.5 * pace * Double(step))
      guard let next else { continue }
      #expect(found == nil, "there is one estimate")
      found = (step, next)
    }
    return found
  }

  @Test func itFollowsFromTwentySteps() throws {
    let found = try #require(estimate(minutes: 10, pace: 0.1, from: 300))
    #expect(found.step == 20)
    // 20 steps in 3 s, and 95 % of 597 s for the others.
    #expect(found.estimate.steps == 20 + 5_671)
    #expect(abs(found.estimate.secondsPerStep - 0.1) < 1e-12)
    #expect(abs(found.estimate.stepsPerHour - 36_000) < 1e-6)
  }

  @Test func slowStepsAreMeasuredForAFiftiethOfTheTime() throws {
    // A fiftieth is 30 s.
    #expect(try #require(estimate(minutes: 25, pace: 3)).step == 7)
    #expect(try #require(estimate(pace: 15)).step == 3)
  }

  /// Short steps with many previews: each costs what it cost before.
  @Test(arguments: [(10, 0), (500, 0), (10, 95)])
  func previewsTakeTheTimeThatTheyTook(_ gap: Int, _ first: Int) throws {
    let (pace, preview, duration) = (0.01, 0.5, 600.0)
    let schedule = PreviewSchedule(longestGap: gap)
    var limits = TrainingSession.Limits()
    limits.minutes = duration / 60
    var estimator = StepEstimator(limits, previews: schedule)
    var (estimate, count, seconds) = (StepEstimate?.none, 0, 0.0)
    while true {
      seconds += pace + (schedule.contains(first + count + 1) ? preview : 0)
      if seconds > duration { break }
      count += 1
      let next = estimator.estimate(after: first + count, of: pace, sessionSeconds: seconds)
      estimate = estimate ?? next
    }
    let steps = try #require(estimate?.steps)
    #expect(abs(steps - count) <= 1, "\(steps) of \(count), by rounding of sums")
    #expect(Double(steps) < 0.95 * duration / pace)
  }

  /// Previews that take less than the fixed part, and a session without one so far.
  @Test func theFixedPartIsTheLeast() throws {
    func steps(_ previews: PreviewSchedule?, first: Int, preview: Double) throws -> Int {
      var limits = TrainingSession.Limits()
      limits.minutes = 10
      var estimator = StepEstimator(limits, previews: previews)
      for count in 1...19 {
        let early = estimator.estimate(
          after: first + count, of: 0.1, sessionSeconds: 0.1 * Double(count))
        #expect(early == nil)
      }
      let estimate = estimator.estimate(after: first + 20, of: 0.1, sessionSeconds: 2 + preview)
      return try #require(estimate?.steps)
    }
    let schedule = PreviewSchedule(longestGap: 500)
    for preview in [0, 0.1] {
      let fixed = try steps(nil, first: 0, preview: preview)
      #expect(try steps(schedule, first: 0, preview: preview) == fixed)
    }
    #expect(try steps(schedule, first: 600, preview: 9) == steps(nil, first: 600, preview: 9))
  }

  @Test func withoutALimitOfTimeItIsAPace() throws {
    let found = try #require(estimate(pace: 2))
    #expect(found.step == 20 && found.estimate.steps == nil)
    #expect(estimate(minutes: .infinity, pace: 2)?.estimate == found.estimate)
  }

  @Test func otherSessionsHaveNone() {
    #expect(estimate(steps: 100, pace: 1) == nil, "the end is known")
    #expect(estimate(steps: 100, minutes: 60, pace: 1) == nil, "the steps end first")
    #expect(estimate(steps: 100_000, minutes: 60, pace: 1) != nil)
    #expect(estimate(minutes: 0.99, pace: 0.01) == nil, "the time is short")
    #expect(estimate(minutes: 1, pace: 25) == nil, "half of the time is over")
    #expect(estimate(minutes: 1e300, pace: 1)?.estimate.steps == 1_000_000_020)
  }
}
