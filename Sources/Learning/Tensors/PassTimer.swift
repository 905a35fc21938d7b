internal import Foundation
package import SpecGANWorkers

/// A timer that adds up the CPU time of each layer's passes.
///
/// It serves one caller at a time, like its ``Engine``.
package final class PassTimer: @unchecked Sendable {  // one pass at a time, by contract
  /// A kind of pass.
  package enum Kind: String, CaseIterable, Sendable {
    case forward, backward, tangent, gradient, curvature
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
    /// The costs of the tasks; none without a recorder.
    package fileprivate(set) var tasks = TaskCosts()
  }

  /// The costs so far, in the order of their first passes.
  package private(set) var entries: [Entry] = []

  /// The recorder of the engine's tasks; nil if it is not simulated.
  private let recorder: TaskRecorder?
  /// The costs of the recorded tasks outside of passes, up to the start of the last pass.
  private var tasksOutside = TaskCosts()

  /// Creates a timer without entries, and with the `recorder` of a simulated engine, if it is one.
  package init(recorder: TaskRecorder? = nil) {
    self.recorder = recorder
    _ = recorder?.take()  // what was before
  }

  /// Returns the costs of all recorded tasks outside of passes until now.
  package func tasksOutsidePasses() -> TaskCosts {
    if let recorder { tasksOutside.add(recorder.take()) }
    return tasksOutside
  }

  /// The CPU time of this process so far over all threads, in s.
  package static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Runs `body`, a pass of `layer` with `multiplyAdds` multiply-adds, and adds its CPU time.
  package func time(_ layer: String, _ kind: Kind, multiplyAdds: Int, _ body: () -> Void) {
    if let recorder { tasksOutside.add(recorder.take()) }
    let start = Self.processorSeconds
    body()
    let seconds = Self.processorSeconds - start
    let index = entries.firstIndex { $0.layer == layer && $0.kind == kind } ?? entries.count
    if index == entries.count { entries.append(Entry(layer: layer, kind: kind)) }
    entries[index].seconds += seconds
    entries[index].multiplyAdds += multiplyAdds
    if let recorder { entries[index].tasks.add(recorder.take()) }
  }
}
