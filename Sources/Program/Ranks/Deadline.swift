#if MPI
  internal import Glibc
  internal import SpecGANWorkers
  internal import Synchronization

  /// A time by which a call must have returned.
  final class Deadline: Sendable {
    private let isMet = Mutex(false)

    /// Calls `body` on another thread in `seconds` s, unless ``meet()`` is called before.
    init(after seconds: Double, _ body: @escaping @Sendable () -> Void) {
      startThread { [self] in
        let start = ContinuousClock.now
        while start.secondsPassed < seconds {
          usleep(50_000)
          if isMet.withLock({ $0 }) { return }
        }
        // Under the lock, so that the call does not return meanwhile.
        isMet.withLock { if !$0 { body() } }
      }
    }

    /// Ends the deadline, because the call has returned.
    func meet() { isMet.withLock { $0 = true } }
  }
#endif
