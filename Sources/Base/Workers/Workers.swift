internal import Foundation
internal import Synchronization

/// A fixed team that shares out the tasks of one piece of work at a time: the calling thread, and
/// threads of its own beside it.
///
/// They are not the cooperative pool's: a product that runs for milliseconds must not hold up
/// anything else. Which thread runs which task is a matter of chance, so results must depend on the
/// task alone; then they are the same bits for any `count`.
package final class Workers: Sendable {
  /// How many threads work at once, the calling one among them.
  package let count: Int
  private let board = Board()
  private let turn = NSLock()

  /// A team of `count`, as many as there are processors unless told otherwise.
  ///
  /// - Precondition: `count` is positive.
  package init(count: Int = Workers.processorCount) {
    precondition(count > 0, "a team needs at least one worker, not \(count)")
    self.count = count
    for index in 1..<count {
      let thread = Thread { [board] in board.serve(as: index) }
      thread.name = "worker \(index)"
      thread.start()
    }
  }

  deinit { board.close() }

  /// The processors this process may use.
  package static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Runs `body(task, worker)` once for every task in `0 ..< tasks`, and returns when all are done.
  ///
  /// `worker`, in `0 ..< count`, is the thread's own number: two tasks that run at the same time
  /// never have the same, so it may index scratch memory. Calls from several threads wait for each
  /// other; a task must not call `run` on its own team.
  package func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    turn.lock()
    defer { turn.unlock() }
    if tasks <= 1 || count == 1 {
      for task in 0..<tasks { body(task, 0) }
      return
    }
    withoutActuallyEscaping(body) { board.complete(Work(tasks: tasks, body: $0)) }
  }

  /// `transform` of every index in `0 ..< count`, in order.
  package func map<Result: Sendable>(
    _ count: Int, _ transform: @Sendable (_ index: Int, _ worker: Int) -> Result
  ) -> [Result] {
    unsafe [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
      nonisolated(unsafe) let results = unsafe results
      run(tasks: count) { index, worker in
        // No two tasks share a place, and `run` returns when all have filled theirs.
        unsafe results.initializeElement(at: index, to: transform(index, worker))
      }
      initializedCount = count
    }
  }

  /// `transform` of consecutive ranges that make up `0 ..< count`, in order.
  ///
  /// None is longer than `longest`, and towards the end they are ever shorter, so that all workers
  /// are done at about the same time. Where they begin depends on the team: what is made of all
  /// results must not.
  ///
  /// Source: Polychronopoulos and Kuck, "Guided Self-Scheduling: A Practical Scheduling Scheme for
  /// Parallel Supercomputers", IEEE Transactions on Computers, 1987.
  /// - Precondition: `longest` is positive.
  package func map<Result: Sendable>(
    rangesOf count: Int, longest: Int,
    _ transform: @Sendable (_ range: Range<Int>, _ worker: Int) -> Result
  ) -> [Result] {
    precondition(longest > 0, "a range holds at least one index, not \(longest)")
    var ranges: [Range<Int>] = []
    while let start = ranges.isEmpty ? 0 : ranges.last?.upperBound, start < count {
      // Half of each worker's share of what is left.
      let length = min(longest, max(1, (count - start) / (2 * self.count)))
      ranges.append(start..<start + length)
    }
    let all = ranges
    return map(all.count) { index, worker in transform(all[index], worker) }
  }
}

/// One piece of work: its tasks, handed out in order to whoever asks.
private final class Work: Sendable {
  let tasks: Int
  let body: @Sendable (Int, Int) -> Void
  private let next = Atomic(0)

  init(tasks: Int, body: @escaping @Sendable (Int, Int) -> Void) {
    self.tasks = tasks
    self.body = body
  }

  func takePart(as worker: Int) {
    while true {
      let task = next.add(1, ordering: .relaxed).oldValue
      guard task < tasks else { return }
      body(task, worker)
    }
  }
}

/// Where work is posted, for whoever is free to take part, and where its completion is awaited.
private final class Board: @unchecked Sendable {  // fields are touched under `condition` only
  private let condition = NSCondition()
  private var work: Work?
  private var round = 0
  /// Threads that are taking part in the round.
  private var busy = 0
  private var isClosed = false

  /// Takes part in `work` with whoever joins, until all of it is done.
  ///
  /// A thread that wakes up too late for the last task is not waited for.
  func complete(_ work: Work) {
    condition.lock()
    self.work = work
    round += 1
    condition.broadcast()
    condition.unlock()
    work.takePart(as: 0)
    condition.lock()
    defer { condition.unlock() }
    self.work = nil
    while busy > 0 { condition.wait() }
  }

  func serve(as worker: Int) {
    var served = 0
    while let round = takePart(as: worker, after: served) {
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

  /// Does a share of the round after `served`; nil once the board is closed.
  ///
  /// No reference to the work is held when this returns, so that the closure in it does not escape.
  private func takePart(as worker: Int, after served: Int) -> Int? {
    guard let (work, round) = join(after: served) else { return nil }
    work.takePart(as: worker)
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
