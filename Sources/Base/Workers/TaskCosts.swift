internal import SpecGANErrors

/// The CPU time of the tasks of some runs of a pool, and of the work between the runs.
///
/// From it follows the time that the same work would take on a number of threads. Limits of the
/// memory's bandwidth, shared caches and lower clock rates of busy processors are not modeled.
package struct TaskCosts: Equatable, Sendable {
  /// The CPU time of each task of each run, in s.
  package private(set) var runs: [[Double]]
  /// The CPU time between the runs, in s, when all threads but one are idle.
  package private(set) var serial: Double

  /// Creates the costs of `runs`, and of the work between them.
  package init(runs: [[Double]] = [], serial: Double = 0) {
    self.runs = runs
    self.serial = serial
  }

  /// Adds other work, which is done after this.
  package mutating func add(_ other: TaskCosts) {
    runs += other.runs
    serial += other.serial
  }

  /// The CPU time of all tasks and of the work between the runs, in s.
  package var cpu: Double { runs.reduce(serial) { $0 + $1.reduce(0, +) } }

  /// The number of tasks of all runs.
  package var taskCount: Int { runs.reduce(0) { $0 + $1.count } }

  /// The CPU time of the longest task, in s; 0 without tasks.
  package var longestTask: Double { runs.lazy.map { $0.max() ?? 0 }.max() ?? 0 }

  /// The time until one more thread takes part in a run, in s.
  ///
  /// Threads join a run one after the other, because they take the same lock. The value is assumed,
  /// not measured by this program: about a wake-up by a futex on a server's processor.
  package static let secondsToWakeAThread = 1e-6

  /// Returns the expected wall time on `threads` threads, in s.
  package func seconds(threads: Int) -> Double {
    runs.reduce(serial) { $0 + Self.seconds(ofRun: $1, threads: threads) }
  }

  /// Returns the number of tasks of the run that loses the most time on `threads` threads, compared
  /// with an equal distribution; 0 without runs.
  package func tasksOfWorstRun(threads: Int) -> Int {
    let losses = runs.lazy.map { costs in
      (
        tasks: costs.count,
        lost: Self.seconds(ofRun: costs, threads: threads)
          - costs.reduce(0, +) / Double(threads)
      )
    }
    return losses.max { $0.lost < $1.lost }?.tasks ?? 0
  }

  /// Returns the expected wall time of a run on `threads` threads, in s, including the time to wake
  /// those that take part.
  private static func seconds(ofRun costs: [Double], threads: Int) -> Double {
    let awakened = max(min(threads, costs.count) - 1, 0)
    return makespan(of: costs, threads: threads) + Double(awakened) * secondsToWakeAThread
  }

  /// Returns the time until all tasks are done if they are handed out in order, each to the thread
  /// that is free first, as ``Workers`` does.
  ///
  /// It is at most `2 − 1/threads` times that of the best distribution: Graham, "Bounds on
  /// Multiprocessing Timing Anomalies", SIAM Journal on Applied Mathematics, 1969.
  ///
  /// - Precondition: `threads` is positive.
  package static func makespan(of costs: [Double], threads: Int) -> Double {
    require(threads > 0, "threads (=\(threads)) must be positive")
    if costs.count <= threads { return costs.max() ?? 0 }
    // The times when the threads are free, as a heap: the first one is the earliest.
    var times = [Double](repeating: 0, count: threads)
    for cost in costs {
      times[0] += cost
      var index = 0
      while 2 * index + 1 < threads {
        let (left, right) = (2 * index + 1, 2 * index + 2)
        let earlier = right < threads && times[right] < times[left] ? right : left
        if times[index] <= times[earlier] { break }
        times.swapAt(index, earlier)
        index = earlier
      }
    }
    return times.max() ?? 0
  }
}
