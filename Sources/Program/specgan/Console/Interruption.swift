import Dispatch
import Foundation
import Synchronization

/// Ctrl-C, SIGTERM, a closed terminal, and the signals of batch systems: SIGUSR1 and SIGUSR2, which
/// they send some time before they end a job, and SIGXCPU, after a limit of CPU time.
///
/// The first signal asks the work to stop soon. A second Ctrl-C, SIGTERM or closed terminal exits
/// at once; the others may come again and again while the work stops. A signal that was ignored at
/// the start stays ignored, as with `nohup`.
final class Interruption: @unchecked Sendable {  // only `init` touches `sources`
  /// The first signal.
  private let received = Atomic<Int32>(0)
  /// The number of signals that end the program when they come twice.
  private let demands = Atomic(0)
  private var sources: [any DispatchSourceSignal] = []

  private let messages: Messages

  /// Starts to listen; the first signal is announced to `messages`.
  init(_ messages: Messages = Messages()) {
    self.messages = messages
    for number in Self.demanding + [SIGUSR1, SIGUSR2, SIGXCPU]
    where !Self.ignores(number) {
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.resume()
      sources.append(source)
    }
  }

  /// The signals of which the second exits at once.
  private static let demanding = [SIGINT, SIGTERM, SIGHUP]

  /// Whether a signal has arrived.
  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The status to exit with.
  var status: ExitStatus { ExitStatus(signal: received.load(ordering: .relaxed)) }

  /// Ignores `number`, so that only the source receives it, and returns whether it was ignored
  /// before.
  private static func ignores(_ number: Int32) -> Bool {
    let before = signal(number, SIG_IGN)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private func receive(_ number: Int32) {
    if Self.demanding.contains(number), demands.add(1, ordering: .relaxed).oldValue > 0 {
      // Not `exit`: it would tear libraries down while threads still compute in them.
      _exit(128 + number)
    }
    let isFirst = received.compareExchange(
      expected: 0, desired: number, ordering: .relaxed
    ).exchanged
    guard isFirst else { return }
    // On another queue, so that the next signal is received even if standard error blocks.
    DispatchQueue.global().async { [messages] in
      messages.announce("Stopping. Press Ctrl-C again to exit at once.", after: "\n")
    }
  }
}
