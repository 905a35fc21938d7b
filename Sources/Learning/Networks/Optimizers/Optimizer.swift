internal import SpecGANErrors
package import SpecGANTensors

/// A rule that turns gradients into updates of one network's parameters, and what it remembers.
package protocol Optimizer: AnyObject, Sendable {
  /// All that it remembers between updates.
  var slots: [OptimizerSlot] { get }

  /// Moves `parameters` against `gradient`, which is zeros then, by steps of the size `rate`.
  ///
  /// The first `update` is number 1.
  func update(
    _ parameters: Parameters, consuming gradient: Parameters, update: Int, rate: Float,
    on engine: Engine)
}

/// A value for every parameter that an optimiser remembers, under TensorFlow's name.
package final class OptimizerSlot: Sendable {
  /// What stands behind a parameter's name in a checkpoint, such as `/Adam_1`.
  package let suffix: String
  /// The numbers.
  package let parameters: Parameters
  /// What every number is before the first update.
  package let initialValue: Float

  /// A slot at its initial value.
  init(_ suffix: String, _ layout: ParameterLayout, initialValue: Float = 0) {
    self.suffix = suffix
    self.initialValue = initialValue
    parameters = Parameters(layout)
    if initialValue != 0 { reset() }
  }

  /// Forgets everything.
  package func reset() { parameters.block.fill(initialValue) }
}

extension Optimizer {
  /// Forgets every update.
  package func reset() {
    for slot in slots { slot.reset() }
  }

  /// Calls `body` for the parameters in pieces, on any thread.
  func forEachPiece(
    of parameters: Parameters, consuming gradient: Parameters, on engine: Engine,
    _ body: @escaping @Sendable (_ first: Int, _ count: Int) -> Void
  ) {
    require(
      gradient.layout == parameters.layout
        && slots.allSatisfy { $0.parameters.layout == parameters.layout },
      "the gradient and the slots are not of these parameters")
    engine.run(over: 0..<parameters.layout.count, by: 1 << 14) { range, _ in
      body(range.lowerBound, range.count)
    }
  }
}
