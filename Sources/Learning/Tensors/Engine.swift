internal import SpecGANErrors
package import SpecGANWorkers

/// The threads that passes run on, with scratch memory.
///
/// Scratch memory is made once, for the largest need announced, and holds anything between passes.
/// An engine serves one caller at a time: two passes at once would write the same scratch memory.
public final class Engine: @unchecked Sendable {  // one pass at a time, by contract
  /// The threads.
  package let workers: Workers
  /// Who wants to know how long each layer's passes take.
  package var timer: PassTimer?
  private var scratch: [Tensor]
  /// Scratch memory that the tasks of one pass share.
  package private(set) var sharedScratch = Tensor(shape: [0])

  /// The number of processors that this process may use.
  public static var processorCount: Int { Workers.processorCount }

  /// An engine on `threads` threads, at least 1; results do not depend on their number.
  public init(threads: Int = Engine.processorCount) {
    workers = Workers(count: threads)
    scratch = (0..<threads).map { _ in Tensor(shape: [0]) }
  }

  /// Reserves `each` elements of scratch memory for each thread, and `shared` for all together.
  public func reserveScratch(each: Int, shared: Int = 0) {
    if let first = scratch.first, first.count < each {
      scratch = scratch.map { _ in Tensor(shape: [each]) }
    }
    if sharedScratch.count < shared { sharedScratch = Tensor(shape: [shared]) }
  }

  /// Makes sure that ``sharedDoubles(_:)`` has room for `count`.
  package func reserveSharedDoubles(_ count: Int) { reserveScratch(each: 0, shared: 2 * count) }

  /// Room for `count` sums in double precision, in the scratch memory that the tasks of a pass
  /// share.
  ///
  /// - Precondition: it has been announced by ``reserveSharedDoubles(_:)``.
  package func sharedDoubles(_ count: Int) -> SharedDoubles {
    require(
      2 * count <= sharedScratch.count,
      "\(count) sums do not fit into scratch memory of \(sharedScratch.count) elements")
    let bytes = UnsafeMutableRawPointer(unsafe sharedScratch.start)
    return unsafe SharedDoubles(start: bytes.assumingMemoryBound(to: Double.self))
  }

  /// Elements of scratch memory that every worker has.
  package var scratchCount: Int { scratch.first?.count ?? 0 }

  /// Writes `value` to all scratch memory: between passes it may hold anything.
  package func fillScratch(_ value: Float) {
    for tensor in scratch + [sharedScratch] { tensor.fill(value) }
  }

  /// Tasks that keep all threads busy to the end, if they are of one size.
  package var taskGoal: Int { 4 * workers.count }

  /// Runs `body(task, scratch)` for every task, sharing them out.
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
  /// The first.
  package let start: UnsafeMutablePointer<Double>
}
