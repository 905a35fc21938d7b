import SpecGANEvaluation
import Testing

/// The estimated time until a task ends.
@Suite struct TaskPaceTests {
  private let start = ContinuousClock.now
  private func time(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  @Test func itFollowsFromThePartsSinceTheFirstCall() {
    var pace = TaskPace()
    func left(_ done: Int, _ seconds: Int) -> Double? {
      pace.secondsLeft(of: "reading", done, of: 120, at: time(seconds))
    }
    // The 20 parts of the first call are not timed: another process may have done them.
    #expect(left(20, 100) == nil)
    #expect(left(60, 104) == nil, "5 s are too few")
    #expect(left(70, 105) == 5)
    #expect(left(70, 110) == 10, "a part that takes long")
    #expect(left(95, 115) == 5)
    #expect(left(120, 120) == nil, "nothing is left")
  }

  @Test func theFirstHundredthDoesNotCount() {
    var pace = TaskPace()
    func left(_ done: Int, _ seconds: Int) -> Double? {
      pace.secondsLeft(of: "features", done, of: 10_000, at: time(seconds))
    }
    #expect(left(0, 0) == nil && left(1, 5) == nil && left(99, 60) == nil)
    #expect(left(100, 60) == 5_940)
  }

  /// Consecutive tasks may have one name, and even the same number of parts.
  @Test(arguments: [("b", 0, 100), ("a", 60, 200), ("a", 0, 100)])
  func anotherTaskHasItsOwnPace(_ task: String, _ first: Int, _ total: Int) {
    var pace = TaskPace()
    let calls = [
      ("a", 0, 100, 0), ("a", 50, 100, 50), (task, first, total, 51), (task, first + 20, total, 61),
    ]
    let left = calls.map { call in
      pace.secondsLeft(of: call.0, call.1, of: call.2, at: time(call.3))
    }
    #expect(left == [nil, 50, nil, Double(total - first - 20) / 2])
  }
}
