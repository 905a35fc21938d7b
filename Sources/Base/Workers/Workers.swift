internal import Foundation
internal import Glibc
internal import SpecGANErrors
internal import Synchronization

/// A fixed pool of threads that run the tasks of one job at a time: the calling thread and the
/// background threads of the pool.
///
/// The threads are not those of Swift's cooperative pool, because a matrix product that runs for
/// milliseconds must not block other work. The assignment of tasks to threads is random. If results
/// depend only on the task, they have the same bits for any `count`.
package final class Workers: Sendable {
  /// The number of threads that run at once, including the calling one.
  package let count: Int
  private let dispatcher = Dispatcher()
  private let callLock = NSLock()
  /// The recorder of a simulated pool; nil if the pool has threads.
  private let recorder: TaskRecorder?

  /// Creates a pool of `count` threads, by default one per processor.
  ///
  /// - Precondition: `count` is positive.
  package init(count: Int = Workers.processorCount) {
    require(count > 0, "count (=\(count)) must be positive")
    self.count = count
    recorder = nil
    // Without the memory for its stack, a thread does not start; the others do its tasks.
    for index in 1..<count { startThread { [dispatcher] in dispatcher.serve(as: index) } }
  }

  /// Creates a simulated pool: work is divided as for `count` threads, but the calling thread does
  /// all of it, as worker 0, and `recorder` records the CPU time of each task.
  ///
  /// - Precondition: `count` is positive.
  package init(simulating count: Int, recorder: TaskRecorder) {
    require(count > 0, "count (=\(count)) must be positive")
    self.count = count
    self.recorder = recorder
  }

  deinit { dispatcher.close() }

  /// The number of processors that this process may use, but no more threads than `--threads`
  /// allows; see ``ProcessorLimit``.
  package static var processorCount: Int { min(ProcessorLimit.count, 1024) }

  /// Runs `body(task, worker)` once for every task in `0 ..< tasks`, and returns when all are done.
  ///
  /// `worker`, in `0 ..< count`, is the index of the thread. Two tasks that run at the same time
  /// have different indices, so `worker` may select scratch memory. Calls from several threads run
  /// one after the other; a task must not call `run` on its own pool.
  package func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    callLock.lock()
    defer { callLock.unlock() }
    if let recorder { return recorder.run(tasks: tasks) { body($0, 0) } }
    if tasks <= 1 || count == 1 {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    withoutActuallyEscaping(body) { dispatcher.complete(Work(tasks: tasks, body: $0)) }
  }

  /// Returns `transform` of every index in `0 ..< count`, in order.
  package func map<Result: Sendable>(
    _ count: Int, _ transform: @Sendable (_ index: Int, _ worker: Int) -> Result
  ) -> [Result] {
    unsafe [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
      nonisolated(unsafe) let results = unsafe results
      run(tasks: count) { index, worker in
        // Every task writes its own element, and `run` returns when all are written.
        unsafe results.initializeElement(at: index, to: transform(index, worker))
      }
      initializedCount = count
    }
  }

  /// Returns `transform` of consecutive ranges that together are `0 ..< count`, in order.
  ///
  /// No range is longer than `longest`. Ranges become shorter towards the end, so that all workers
  /// finish at about the same time. The bounds depend on the number of workers: the combined result
  /// of all ranges must not depend on them.
  ///
  /// Source: Polychronopoulos and Kuck, "Guided Self-Scheduling: A Practical Scheduling Scheme for
  /// Parallel Supercomputers", IEEE Transactions on Computers, 1987.
  /// - Precondition: `longest` is positive.
  package func map<Result: Sendable>(
    rangesOf count: Int, longest: Int,
    _ transform: @Sendable (_ range: Range<Int>, _ worker: Int) -> Result
  ) -> [Result] {
    require(longest > 0, "longest (=\(longest)) must be positive")
    var ranges: [Range<Int>] = []
    while let start = ranges.isEmpty ? 0 : ranges.last?.upperBound, start < count {
      // Half of each worker's share of the remaining indices.
      let length = min(longest, max(1, (count - start) / (2 * self.count)))
      ranges.append(start..<start + length)
    }
    let all = ranges
    return map(all.count) { index, worker in transform(all[index], worker) }
  }
}

/// Starts a thread that calls `body`; nothing happens if the system refuses it.
@discardableResult
package func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  let start = unsafe Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  let code = unsafe pthread_create(
    &thread, nil,
    { start in
      if let start = unsafe start {
        unsafe Unmanaged<ThreadBody>.fromOpaque(start).takeRetainedValue().body()
      }
      return nil
    }, start.toOpaque())
  if code == 0 { pthread_detach(thread) } else { unsafe start.release() }
  return code == 0
}

private final class ThreadBody: Sendable {
  let body: @Sendable () -> Void

  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// A job: tasks that are handed out in order to the threads that request them.
private final class Work: Sendable {
  let tasks: Int
  let body: @Sendable (Int, Int) -> Void
  private let next = Atomic(0)

  init(tasks: Int, body: @escaping @Sendable (Int, Int) -> Void) {
    self.tasks = tasks
    self.body = body
  }

  func runTasks(as worker: Int) {
    while true {
      let task = next.add(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      body(task, worker)
    }
  }
}

/// The exchange of jobs between the calling thread and the background threads.
private final class Dispatcher: @unchecked Sendable {  // fields are touched under `condition` only
  private let condition = NSCondition()
  private var work: Work?
  private var round = 0
  /// The number of background threads in the current round.
  private var busy = 0
  private var isClosed = false

  /// Runs `work` on all threads, and returns when all of it is done.
  ///
  /// A thread that wakes up after the last task was handed out is not waited for.
  func complete(_ work: Work) {
    condition.lock()
    self.work = work
    round += 1
    condition.broadcast()
    condition.unlock()
    work.runTasks(as: 0)
    condition.lock()
    defer { condition.unlock() }
    self.work = nil
    while busy > 0 { condition.wait() }
  }

  func serve(as worker: Int) {
    var served = 0
    while let round = runRound(as: worker, after: served) {
      served = round
      leave()
    }
  }

  func close() {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
  }

  /// Runs tasks of the round after `served`; returns nil when the pool is closed.
  ///
  /// No reference to the work remains when this returns, so that the closure in it does not escape.
  private func runRound(as worker: Int, after served: Int) -> Int? {
    guard let (work, round) = join(after: served) else { return nil }
    work.runTasks(as: worker)
    return round
  }

  private func join(after served: Int) -> (Work, round: Int)? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if isClosed { return nil }
      if let work, round > served {
        busy += 1
        return (work, round)
      }
      condition.wait()
    }
  }

  private func leave() {
    condition.lock()
    defer { condition.unlock() }
    busy -= 1
    if busy == 0 { condition.broadcast() }
  }
}

extension ContinuousClock.Instant {
  /// The time from this instant to now, in s.
  package var secondsPassed: Double { (ContinuousClock.now - self) / .seconds(1) }
}
