internal import SpecGANErrors
package import SpecGANTensors

/// A rule that updates one network's parameters from gradients, and its state.
package protocol Optimizer: AnyObject, Sendable {
  /// The state between updates.
  var slots: [OptimizerSlot] { get }

  /// Moves `parameters` against `gradient` by steps of size `rate`, and sets `gradient` to zero;
  /// both only of the parameters that the update changes.
  ///
  /// `number` is that of the update.
  func update(
    _ parameters: Parameters, consuming gradient: Parameters, number: UpdateNumber, rate: Float,
    on engine: Engine)
}

/// One state value of an optimizer for every parameter, under TensorFlow's name.
package final class OptimizerSlot: Sendable {
  /// The suffix of a parameter's name in a checkpoint, such as `/Adam_1`.
  package let suffix: String
  /// The values.
  package let parameters: Parameters
  /// The value of every element before the first update.
  package let initialValue: Float

  /// Creates a slot at its initial value.
  init(_ suffix: String, _ layout: ParameterLayout, initialValue: Float = 0) {
    self.suffix = suffix
    self.initialValue = initialValue
    parameters = Parameters(layout)
    if initialValue != 0 { reset() }
  }

  /// Sets every element to its initial value.
  package func reset() { parameters.block.fill(initialValue) }
}

extension Optimizer {
  /// Resets the state to that before the first update.
  package func reset() {
    for slot in slots { slot.reset() }
  }

  /// Calls `body` for the updated parameters in pieces, on any thread, with the section of each.
  func forEachPiece(
    of parameters: Parameters, consuming gradient: Parameters, number: UpdateNumber,
    on engine: Engine,
    _ body: @escaping @Sendable (_ first: Int, _ count: Int, _ section: ParameterSection) -> Void
  ) {
    require(
      gradient.layout == parameters.layout
        && slots.allSatisfy { $0.parameters.layout == parameters.layout },
      "the gradient and the slots must have the layout of the parameters")
    for section in number.sections(of: parameters.layout) {
      engine.run(over: section.elements, by: 1 << 14) { range, _ in
        body(range.lowerBound, range.count, section)
      }
    }
  }
}
