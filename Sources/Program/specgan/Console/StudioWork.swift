import Foundation
import Glibc
import SpecGANStudio
import SpecGANTensors
import SpecGANWorkers

/// The search for maps and directions on a thread of its own, with half of the processors and lower
/// priority, so that it does not delay sounds that are played.
final class Finding: @unchecked Sendable {  // `isDone` is touched under `condition` only
  private let condition = NSCondition()
  private var isDone = false

  /// Starts the search; it ends soon after `isStopped` returns true.
  init(_ studio: Studio, threads: Int, isStopped: @escaping @Sendable () -> Bool) {
    startThread { [self] in
      // Of this thread alone, and those that it starts. Source: Linux man-pages, setpriority(2).
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
      studio.findAll(on: Engine(threads: max(threads / 2, 1)), isStopped: isStopped)
      condition.lock()
      isDone = true
      condition.broadcast()
      condition.unlock()
    }
  }

  /// Waits for the end of the search: once it is stopped, that of its current batch. The program
  /// must not exit while a thread computes.
  func wait() {
    condition.lock()
    defer { condition.unlock() }
    while !isDone { condition.wait() }
  }
}

/// The browser of the desktop.
enum Browser {
  /// Opens `address`, and calls `failed` if the desktop has no program for it.
  ///
  /// On a thread, because some desktops wait for the end of the browser.
  static func open(_ address: String, failed: @escaping @Sendable () -> Void) {
    startThread {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["xdg-open", address]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      guard (try? process.run()) != nil else { return failed() }
      process.waitUntilExit()
      if process.terminationStatus != 0 { failed() }
    }
  }
}
