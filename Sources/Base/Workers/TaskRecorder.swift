internal import Foundation

/// A recorder of the CPU time of all tasks of a simulated pool, and of the work between its runs.
///
/// It serves one thread at a time: that which calls ``Workers/run(tasks:_:)`` and ``take()``.
package final class TaskRecorder: @unchecked Sendable {  // one thread at a time, by contract
  private var runs: [[Double]] = []
  /// The CPU time of the thread when ``take()`` was called last.
  private var start = threadSeconds

  /// Creates a recorder without runs.
  package init() {}

  /// Calls `body` for each task on the calling thread, and records a run of them.
  func run(tasks: Int, _ body: (_ task: Int) -> Void) {
    if tasks == 0 { return }
    var costs: [Double] = []
    costs.reserveCapacity(tasks)
    var last = threadSeconds
    for task in 0..<tasks {
      body(task)
      let now = threadSeconds
      costs.append(now - last)
      last = now
    }
    runs.append(costs)
  }

  /// Returns the costs since the last call, or since the recorder was created.
  package func take() -> TaskCosts {
    let now = threadSeconds
    let tasks = runs.reduce(0) { $0 + $1.reduce(0, +) }
    // The difference of nearly equal sums may be slightly negative.
    let costs = TaskCosts(runs: runs, serial: max(now - start - tasks, 0))
    runs = []
    start = now
    return costs
  }
}

/// The CPU time of the calling thread so far, in s.
package var threadSeconds: Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
