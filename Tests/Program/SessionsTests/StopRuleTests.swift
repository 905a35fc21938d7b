import SpecGANRuns
import SpecGANSessions
import SpecGANTraining
import Testing

/// The rule that ends a session.
@Suite struct StopRuleTests {
  private func rule(
    steps: Int? = nil, minutes: Double? = nil, patience: Int = 0
  ) -> StopRule {
    var limits = TrainingSession.Limits()
    (limits.steps, limits.minutes) = (steps, minutes)
    return StopRule(limits, patience: patience)
  }

  private func scores(_ values: [Int: Float]) -> ScoreHistory {
    var scores = ScoreHistory()
    for (step, value) in values.sorted(by: { $0.key < $1.key }) {
      var entry = RunLog.Entry(step: step, wallSeconds: 0, losses: StepLosses(), secondsPerStep: 0)
      entry.spectralDistance = value
      scores.add(entry)
    }
    return scores
  }

  @Test func nothingButAnInterruptionStopsWithoutLimits() {
    let rule = rule()
    #expect(rule.outcome(at: 1 << 40, seconds: 1e9, isInterrupted: false) == nil)
    #expect(rule.outcome(at: 0, seconds: 0, isInterrupted: true) == .interrupted)
  }

  @Test func stepsComeFirstThenTheInterruptionThenTime() {
    let rule = rule(steps: 5, minutes: 2)
    #expect(rule.outcome(at: 4, seconds: 119, isInterrupted: false) == nil)
    #expect(rule.outcome(at: 4, seconds: 120, isInterrupted: false) == .reachedTime)
    #expect(rule.outcome(at: 4, seconds: 120, isInterrupted: true) == .interrupted)
    #expect(rule.outcome(at: 5, seconds: 120, isInterrupted: true) == .reachedSteps)
    #expect(rule.outcome(at: 6, seconds: 0, isInterrupted: false) == .reachedSteps)
  }

  @Test func scoresEndARunOfPatience() {
    let found = scores([2: 1, 4: 3, 7: 2])
    #expect(rule(patience: 5).outcomeByScores(found, at: 7) == .stoppedImproving)
    #expect(rule(patience: 6).outcomeByScores(found, at: 7) == nil)
    #expect(rule(patience: 5).outcomeByScores(found, at: 8) == nil, "no score of its own")
    #expect(rule().outcomeByScores(found, at: 7) == nil)
  }

  /// The time limit does not prevent a session from starting.
  @Test func aRunThatIsOverIsNotTakenUp() {
    let found = scores([2: 1, 7: 2])
    #expect(rule(steps: 7, patience: 5).outcome(at: 7, found) == .reachedSteps)
    #expect(rule(steps: 8, patience: 5).outcome(at: 7, found) == .stoppedImproving)
    #expect(rule(minutes: 0).outcome(at: 7, found) == nil)
  }
}
