import SpecGANWorkers

/// The pace of the current one of several tasks.
struct TaskPace {
  /// The duration below which the pace of a task is not known well, in s.
  private static let leastSeconds = 5.0

  private var task = ""
  private var start = ContinuousClock.now
  /// The number of parts that were done at the first and at the last call of the task.
  private var (first, last) = (0, 0)

  /// Returns the estimated time until all `total` parts of `task` are done, of which `done` are, in
  /// s; nil in the first seconds of a task, and at its end.
  mutating func secondsLeft(of task: String, _ done: Int, of total: Int) -> Double? {
    // Consecutive tasks may have the same name.
    if task != self.task || done < last { (self.task, start, first) = (task, .now, done) }
    last = done
    let seconds = start.secondsPassed
    guard done > first, done < total, seconds >= Self.leastSeconds else { return nil }
    return seconds * Double(total - done) / Double(done - first)
  }
}
