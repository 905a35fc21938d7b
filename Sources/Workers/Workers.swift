internal import Foundation
internal import Synchronization

/// A fixed team of threads that share out the tasks of one piece of work at a time.
///
/// They are threads of their own, not the cooperative pool: a product that runs for milliseconds must
/// not hold up anything else. Which thread runs which task is a matter of chance, so results must
/// depend on the task alone; then they are the same bits for any `count`.
public final class Workers: Sendable {
  /// How many threads there are.
  public let count: Int
  private let board: Board

  /// Starts `count` threads, as many as there are processors unless told otherwise.
  ///
  /// - Precondition: `count` is positive.
  public init(count: Int = Workers.processorCount) {
    precondition(count > 0, "a team needs at least one worker, not \(count)")
    self.count = count
    board = Board(workers: count)
    for index in 0..<count {
      let thread = Thread { [board] in board.serve(as: index) }
      thread.name = "worker \(index)"
      thread.stackSize = 8 << 20  // a product's own buffers lie on the stack
      thread.start()
    }
  }

  deinit { board.close() }

  /// The processors this process may use.
  public static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Runs `body(task, worker)` once for every task in `0 ..< tasks`, and returns when all are done.
  ///
  /// `worker`, in `0 ..< count`, is the thread's own number: two tasks that run at the same time never
  /// have the same, so it may index scratch memory. Calls from several threads wait for each other; a
  /// task must not call `run` on its own team.
  public func run(tasks: Int, _ body: @Sendable (_ task: Int, _ worker: Int) -> Void) {
    guard tasks > 0 else { return }
    withoutActuallyEscaping(body) { board.complete(Work(tasks: tasks, body: $0)) }
  }

  /// `transform` of every index in `0 ..< count`, in order.
  public func map<Result: Sendable>(
    _ count: Int, _ transform: @Sendable (_ index: Int, _ worker: Int) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    run(tasks: count) { index, worker in
      let result = transform(index, worker)
      results.withLock { $0[index] = result }
    }
    return results.withLock { $0.compactMap(\.self) }
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

/// Where work is posted and its completion awaited.
private final class Board: @unchecked Sendable {  // fields are touched under `condition` only
  private let condition = NSCondition()
  private let workers: Int
  private var work: Work?
  private var round = 0
  private var unfinished = 0
  private var isClosed = false

  init(workers: Int) { self.workers = workers }

  func complete(_ work: Work) {
    condition.lock()
    defer { condition.unlock() }
    while self.work != nil { condition.wait() }
    self.work = work
    round += 1
    unfinished = workers
    condition.broadcast()
    while unfinished > 0 { condition.wait() }
    self.work = nil
    condition.broadcast()
  }

  func serve(as worker: Int) {
    var served = 0
    while let round = takePart(as: worker, after: served) {
      served = round
      finish()
    }
  }

  /// Does a share of the round after `served`; nil once the board is closed.
  ///
  /// No reference to the work is held when this returns, so that the closure in it does not escape.
  private func takePart(as worker: Int, after served: Int) -> Int? {
    guard let (work, round) = next(after: served) else { return nil }
    work.takePart(as: worker)
    return round
  }

  func close() {
    condition.lock()
    defer { condition.unlock() }
    isClosed = true
    condition.broadcast()
  }

  private func next(after served: Int) -> (Work, round: Int)? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if isClosed { return nil }
      if let work, round > served { return (work, round) }
      condition.wait()
    }
  }

  private func finish() {
    condition.lock()
    defer { condition.unlock() }
    unfinished -= 1
    if unfinished == 0 { condition.broadcast() }
  }
}
