internal import SpecGANErrors
package import SpecGANTensors

/// A rule that updates one network's parameters from gradients, and its state.
package protocol Optimizer: AnyObject, Sendable {
  /// The state between updates.
  var slots: [OptimizerSlot] { get }

  /// Moves `parameters` against `gradient` by steps of size `rate`, and sets `gradient` to zero.
  ///
  /// `update` is the number of the update, from 1.
  func update(
    _ parameters: Parameters, consuming gradient: Parameters, update: Int, rate: Float,
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

  /// Calls `body` for the parameters in pieces, on any thread, with the factor of each piece's
  /// learning rate.
  func forEachPiece(
    of parameters: Parameters, consuming gradient: Parameters, on engine: Engine,
    _ body: @escaping @Sendable (_ first: Int, _ count: Int, _ rateFactor: Float) -> Void
  ) {
    require(
      gradient.layout == parameters.layout
        && slots.allSatisfy { $0.parameters.layout == parameters.layout },
      "the gradient and the slots must have the layout of the parameters")
    for section in parameters.layout.sections {
      engine.run(over: section.elements, by: 1 << 14) { range, _ in
        body(range.lowerBound, range.count, section.rateFactor)
      }
    }
  }
}

extension ParameterLayout {
  /// Ranges of consecutive elements with the same factor of the learning rate.
  fileprivate var sections: [(elements: Range<Int>, rateFactor: Float)] {
    var sections: [(elements: Range<Int>, rateFactor: Float)] = []
    for entry in entries {
      let end = entry.offset + entry.count
      if let last = sections.last, last.rateFactor == entry.role.rateFactor {
        sections[sections.count - 1].elements = last.elements.lowerBound..<end
      } else {
        sections.append((entry.offset..<end, entry.role.rateFactor))
      }
    }
    return sections
  }
}
