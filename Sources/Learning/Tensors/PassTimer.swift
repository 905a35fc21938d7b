internal import Foundation

/// A timer that adds up the CPU time of each layer's passes.
///
/// It serves one caller at a time, like its ``Engine``.
package final class PassTimer: @unchecked Sendable {  // one pass at a time, by contract
  /// A kind of pass.
  package enum Kind: String, CaseIterable, Sendable {
    case forward, backward, tangent, gradient
  }

  /// The cost of one kind of pass of one layer.
  package struct Entry: Sendable {
    /// The layer's name.
    package let layer: String
    /// The kind of pass.
    package let kind: Kind
    /// The CPU time over all threads, in s.
    package fileprivate(set) var seconds = 0.0
    /// The number of multiply-adds, by the layer's definition.
    package fileprivate(set) var multiplyAdds = 0
  }

  /// The costs so far, in the order of their first passes.
  package private(set) var entries: [Entry] = []

  /// Creates a timer without entries.
  package init() {}

  /// The CPU time of this process so far over all threads, in s.
  package static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Runs `body`, a pass of `layer` with `multiplyAdds` multiply-adds, and adds its CPU time.
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
