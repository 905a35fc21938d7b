internal import Foundation

/// Adds up what the passes of every layer cost, for those who want to know where a step's time
/// goes.
///
/// It serves one caller at a time, as the ``Engine`` that it is given to does.
package final class PassTimer: @unchecked Sendable {  // one pass at a time, by contract
  /// The passes of a layer.
  package enum Kind: String, CaseIterable, Sendable {
    case forward, backward, tangent, gradient
  }

  /// What one kind of pass of one layer has cost.
  package struct Entry: Sendable {
    /// The layer's name.
    package let layer: String
    /// Which of its passes.
    package let kind: Kind
    /// Seconds of processor time over all threads.
    package fileprivate(set) var seconds = 0.0
    /// Multiplications with additions that the definition asks for.
    package fileprivate(set) var multiplyAdds = 0
  }

  /// What has been added up, in the order it first happened.
  package private(set) var entries: [Entry] = []

  /// A timer that has seen nothing.
  package init() {}

  /// Seconds of processor time that the process has taken so far, over all its threads.
  package static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Runs `body`, one kind of pass of `layer`, which takes `multiplyAdds`, and takes the time.
  package func time(_ layer: String, _ kind: Kind, multiplyAdds: Int, _ body: () -> Void) {
    let start = Self.processorSeconds
    body()
    let seconds = Self.processorSeconds - start
    let index = entries.firstIndex { $0.layer == layer && $0.kind == kind } ?? entries.count
    if index == entries.count { entries.append(Entry(layer: layer, kind: kind)) }
    entries[index].seconds += seconds
    entries[index].multiplyAdds += multiplyAdds
  }
}
