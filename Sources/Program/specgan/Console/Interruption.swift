import Dispatch
import Foundation
import Synchronization

/// Ctrl-C, SIGTERM and a closed terminal. The first signal asks the work to stop soon; the second
/// exits at once. A signal that was ignored at the start stays ignored, as with `nohup`.
final class Interruption: @unchecked Sendable {  // only `init` touches `sources`
  private let received = Atomic<Int32>(0)
  private var sources: [any DispatchSourceSignal] = []

  private let messages: Messages

  /// Starts to listen; the first signal is announced to `messages`.
  init(_ messages: Messages = Messages()) {
    self.messages = messages
    for number in [SIGINT, SIGTERM, SIGHUP] where !Self.ignores(number) {
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.resume()
      sources.append(source)
    }
  }

  /// Whether a signal has arrived.
  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The status to exit with.
  var status: ExitStatus {
    received.load(ordering: .relaxed) == SIGINT ? .interrupted : .terminated
  }

  /// Ignores `number`, so that only the source receives it, and returns whether it was ignored
  /// before.
  private static func ignores(_ number: Int32) -> Bool {
    let before = signal(number, SIG_IGN)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private func receive(_ number: Int32) {
    // Not `exit`: it would tear libraries down while threads still compute in them.
    guard received.exchange(number, ordering: .relaxed) == 0 else { _exit(128 + number) }
    // On another queue, so that the next signal is received even if standard error blocks.
    DispatchQueue.global().async { [messages] in
      messages.announce("Stopping. Press Ctrl-C again to exit at once.", after: "\n")
    }
  }
}
