import Foundation
import Glibc
internal import SpecGANWorkers
import Synchronization

/// Ctrl-C, SIGTERM, a closed terminal, and the signals of batch systems: SIGUSR1 and SIGUSR2, which
/// they send some time before they end a job, and SIGXCPU, after a limit of CPU time.
///
/// The first signal asks the work to stop soon. A second Ctrl-C, SIGTERM or closed terminal exits
/// at once; the others may come again and again while the work stops. A signal that was ignored at
/// the start stays ignored, as with `nohup`.
///
/// No queue of libdispatch receives them: its threads watch each other in `/proc`, and end the
/// program if a file cannot be opened there.
final class Interruption: Sendable {
  /// The first signal.
  private static let received = Atomic<Int32>(0)
  /// The number of signals that end the program when they come twice.
  private static let demands = Atomic(0)
  /// Posted by the first signal, for the announcement.
  nonisolated(unsafe) private static let first = unsafe newSemaphore()
  /// Posted by the first signal, for ``wait()``.
  nonisolated(unsafe) private static let end = unsafe newSemaphore()

  private static func newSemaphore() -> UnsafeMutablePointer<sem_t> {
    let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
    unsafe sem_init(semaphore, 0, 0)
    return unsafe semaphore
  }

  /// Starts to listen; the first signal is announced to `messages`.
  init(_ messages: Messages = Messages()) {
    // On a thread, because a handler may not print. Without one, the work stops all the same.
    nonisolated(unsafe) let semaphore = unsafe Self.first
    startThread {
      while unsafe sem_wait(semaphore) != 0 {}
      messages.announce("Stopping. Press Ctrl-C again to exit at once.", after: "\n")
    }
    // Before a handler reads them.
    _ = unsafe (isRequested, Self.demands.load(ordering: .relaxed), Self.end)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU]
    where !Self.ignores(number) {
      signal(number) { Interruption.receive($0) }
    }
  }

  /// Whether a signal has arrived.
  var isRequested: Bool { Self.received.load(ordering: .relaxed) != 0 }

  /// Waits for a signal.
  func wait() {
    while !isRequested { unsafe sem_wait(Self.end) }
  }

  /// The status to exit with.
  var status: ExitStatus { ExitStatus(signal: Self.received.load(ordering: .relaxed)) }

  /// Ignores `number`, and returns whether it was ignored before.
  private static func ignores(_ number: Int32) -> Bool {
    let before = signal(number, SIG_IGN)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Receives a signal; only what a handler may do, see signal-safety(7).
  private static func receive(_ number: Int32) {
    let isDemand = number == SIGINT || number == SIGTERM || number == SIGHUP
    if isDemand, demands.add(1, ordering: .relaxed).oldValue > 0 {
      // Not `exit`: it would tear libraries down while threads still compute in them.
      _exit(128 + number)
    }
    let isFirst = received.compareExchange(
      expected: 0, desired: number, ordering: .relaxed
    ).exchanged
    if isFirst {
      unsafe sem_post(first)
      unsafe sem_post(end)
    }
  }
}
