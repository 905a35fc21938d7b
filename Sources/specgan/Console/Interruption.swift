import Dispatch
import Foundation
import Synchronization

/// Ctrl-C, SIGTERM and a closed terminal: the first asks the work to stop where it can, the second
/// leaves at once.
final class Interruption: @unchecked Sendable {  // `sources` is touched in `init` alone
  private let received = Atomic<Int32>(0)
  private var sources: [any DispatchSourceSignal] = []

  /// Starts to listen.
  init() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let former = signal(number, SIG_IGN)
      // Who starts it under nohup wants it to outlive the terminal.
      if number == SIGHUP && Self.isIgnoring(former) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in self?.receive(number) }
      source.resume()
      sources.append(source)
    }
  }

  private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
    unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// Whether a signal has come.
  var isRequested: Bool { received.load(ordering: .relaxed) != 0 }

  /// The status to leave with.
  var status: ExitStatus {
    received.load(ordering: .relaxed) == SIGINT ? .interrupted : .terminated
  }

  private func receive(_ number: Int32) {
    // Not `exit`: it would take libraries down under the threads that still compute in them.
    guard received.exchange(number, ordering: .relaxed) == 0 else { _exit(128 + number) }
    Console.message("\nStopping; once more to leave at once.")
  }
}
