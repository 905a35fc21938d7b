import Dispatch
import Foundation
import Synchronization

/// Ctrl-C, SIGTERM and a closed terminal: the first asks the work to stop where it can, the second
/// leaves at once. A signal that was ignored when the program began stays so: `nohup` means it.
final class Interruption: @unchecked Sendable {  // `sources` is touched in `init` alone
  private let received = Atomic<Int32>(0)
  private var sources: [any DispatchSourceSignal] = []

  private let messages: Messages

  /// Starts to listen; that it has heard is said to `messages`.
  init(_ messages: Messages = Messages()) {
    self.messages = messages
    for number in [SIGINT, SIGTERM, SIGHUP] where !Self.ignores(number) {
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.resume()
      sources.append(source)
    }
  }

  /// Whether a signal has come.
  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The status to leave with.
  var status: ExitStatus {
    received.load(ordering: .relaxed) == SIGINT ? .interrupted : .terminated
  }

  /// Whether `number` was ignored; from now on it is, so that the source alone hears it.
  private static func ignores(_ number: Int32) -> Bool {
    let before = signal(number, SIG_IGN)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private func receive(_ number: Int32) {
    // Not `exit`: it would take libraries down under the threads that still compute in them.
    guard received.exchange(number, ordering: .relaxed) == 0 else { _exit(128 + number) }
    // Elsewhere, so that the next signal is heard where nobody reads what is announced.
    DispatchQueue.global().async { [messages] in
      messages.announce("\nStopping; once more to leave at once.")
    }
  }
}
