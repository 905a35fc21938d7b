internal import SpecGANErrors
package import SpecGANWorkers

/// The threads and the scratch memory of passes.
///
/// Scratch memory has the largest size that was reserved; its contents between passes are
/// undefined. An engine serves one caller at a time: two passes at once would write the same
/// scratch memory.
public final class Engine: @unchecked Sendable {  // one pass at a time, by contract
  /// The threads.
  package let workers: Workers
  /// The timer of each layer's passes; nil if they are not timed.
  package var timer: PassTimer?
  private var scratch: [Tensor]
  /// Scratch memory that the tasks of one pass share.
  package private(set) var sharedScratch = Tensor(shape: [0])

  /// The number of processors that this process may use.
  public static var processorCount: Int { Workers.processorCount }

  /// Creates an engine with `threads` threads, at least 1. Results do not depend on their number.
  public init(threads: Int = Engine.processorCount) {
    workers = Workers(count: threads)
    scratch = (0..<threads).map { _ in Tensor(shape: [0]) }
  }

  /// Creates an engine that divides work as for `threads` threads, but does all of it on the
  /// calling thread, which `recorder` measures. It has scratch memory for one thread.
  package init(simulating threads: Int, recorder: TaskRecorder) {
    workers = Workers(simulating: threads, recorder: recorder)
    scratch = [Tensor(shape: [0])]
  }

  /// Reserves `each` elements of scratch memory for each thread, and `shared` for all together.
  public func reserveScratch(each: Int, shared: Int = 0) {
    if let first = scratch.first, first.count < each {
      scratch = scratch.map { _ in Tensor(shape: [each]) }
    }
    if sharedScratch.count < shared { sharedScratch = Tensor(shape: [shared]) }
  }

  /// Reserves room for `count` sums of ``sharedDoubles(_:)``.
  package func reserveSharedDoubles(_ count: Int) { reserveScratch(each: 0, shared: 2 * count) }

  /// Returns room for `count` sums in double precision, in the scratch memory that the tasks of a
  /// pass share.
  ///
  /// - Precondition: ``reserveSharedDoubles(_:)`` has reserved it.
  package func sharedDoubles(_ count: Int) -> SharedDoubles {
    require(
      2 * count <= sharedScratch.count,
      "\(count) sums do not fit into scratch memory of \(sharedScratch.count) elements")
    let bytes = UnsafeMutableRawPointer(unsafe sharedScratch.start)
    return unsafe SharedDoubles(start: bytes.assumingMemoryBound(to: Double.self))
  }

  /// The number of elements of scratch memory of each thread.
  package var scratchCount: Int { scratch.first?.count ?? 0 }

  /// Requires that each thread has `count` elements of scratch memory.
  package func requireScratch(each count: Int) {
    require(
      scratchCount >= count,
      "scratch memory of \(scratchCount) elements does not hold \(count); reserve it first")
  }

  /// Fills all scratch memory with `value`, between passes.
  package func fillScratch(_ value: Float) {
    for tensor in scratch + [sharedScratch] { tensor.fill(value) }
  }

  /// The number of threads.
  package var threads: Int { workers.count }

  /// The number of tasks of equal size that keeps all threads busy to the end.
  package var taskGoal: Int { 4 * workers.count }

  /// Runs `body(task, scratch)` for every task, distributed over the threads.
  public func run(tasks: Int, _ body: @Sendable (_ task: Int, _ scratch: Tensor) -> Void) {
    let scratch = scratch
    workers.run(tasks: tasks) { task, worker in body(task, scratch[worker]) }
  }

  /// Cuts `examples` into pieces of `size` and runs `body(piece, scratch)` for each.
  public func run(
    over examples: Range<Int>, by size: Int,
    _ body: @Sendable (_ piece: Range<Int>, _ scratch: Tensor) -> Void
  ) {
    run(tasks: (examples.count + size - 1) / size) { task, scratch in
      let lower = examples.lowerBound + task * size
      body(lower..<min(lower + size, examples.upperBound), scratch)
    }
  }
}

/// Sums in double precision that the tasks of a pass share.
@safe package struct SharedDoubles: @unchecked Sendable {  // tasks write disjoint parts
  /// The first sum.
  package let start: UnsafeMutablePointer<Double>
}
