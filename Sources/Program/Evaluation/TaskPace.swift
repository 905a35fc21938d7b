/// The pace of the current one of several tasks.
package struct TaskPace: Sendable {
  /// The duration below which the pace of a task is not known well, in s.
  private static let leastSeconds = 5.0
  /// The share of a task below which its pace is not known well: the first parts are often slower,
  /// because memory is new and files are not in it.
  private static let leastShare = 0.01

  private var (task, total) = ("", 0)
  private var start = ContinuousClock.now
  /// The number of parts that were done at the first and at the last call of the task.
  private var (first, last) = (0, 0)

  /// Creates the pace before the first task.
  package init() {}

  /// Returns the estimated time until all `total` parts of `task` are done, of which `done` are at
  /// the time `now`, in s; nil at the start of a task, and at its end.
  package mutating func secondsLeft(
    of task: String, _ done: Int, of total: Int, at now: ContinuousClock.Instant = .now
  ) -> Double? {
    // Consecutive tasks may have the same name.
    if task != self.task || total != self.total || done < last {
      (self.task, self.total, start, first) = (task, total, now, done)
    }
    last = done
    let seconds = (now - start) / .seconds(1)
    let least = Self.leastShare * Double(total - first)
    guard done > first, done < total, seconds >= Self.leastSeconds, Double(done - first) >= least
    else { return nil }
    return seconds * Double(total - done) / Double(done - first)
  }
}
