import Networks
import SpecGANTensors
import SpecGANTestSupport
import Testing

@Suite struct RMSPropTests {
  /// TensorFlow's documented rule in double precision; also with a gradient of 0, in which ε
  /// matters, and with the slot's initial value of one.
  @Test func fiveUpdatesEqualTheFormula() {
    var layout = ParameterLayout()
    _ = layout.append("θ", shape: [4])
    let parameters = Parameters(layout)
    let optimizer = RMSProp(for: layout)
    #expect(optimizer.slots.map(\.suffix) == ["/RMSProp"])
    #expect(optimizer.slots[0].parameters.block.values == [1, 1, 1, 1])
    var (values, squares) = ([Double](repeating: 0, count: 4), [Double](repeating: 1, count: 4))
    let gradient = Parameters(layout)
    for update in 1...5 {
      let gradients: [Float] = [0, 0x1p-27, Float(update) - 2.5, 1_000]
      gradient.block.copy(0..<4, of: Tensor(shape: [4], gradients).view, to: 0)
      optimizer.update(
        parameters, consuming: gradient, number: UpdateNumber(update), rate: 0.25,
        on: Engine(threads: 2))
      for index in 0..<4 {
        let g = Double(gradients[index])
        squares[index] = 0.9 * squares[index] + 0.1 * g * g
        values[index] -= 0.25 * g / (squares[index] + 1e-10).squareRoot()
      }
      #expect(gradient.block.values == [0, 0, 0, 0])
      // Each is a sum of two products and the value before: a few roundings per update.
      expectClose(parameters.block.values, values.map(Float.init), terms: 5)
      expectClose(
        optimizer.slots[0].parameters.block.values, squares.map(Float.init), terms: 5)
    }
  }

  @Test func aResetForgets() {
    var layout = ParameterLayout()
    _ = layout.append("θ", shape: [4])
    let gradient = Parameters(layout)
    gradient.block.fill(3)
    let optimizers: [any Optimizer] = [RMSProp(for: layout), Adam(for: layout)]
    for optimizer in optimizers {
      let first = optimizer.slots.map(\.parameters.block.values)
      optimizer.update(
        Parameters(layout), consuming: gradient, number: UpdateNumber(1), rate: 1,
        on: Engine(threads: 1))
      gradient.block.fill(3)
      #expect(optimizer.slots.map(\.parameters.block.values) != first)
      optimizer.reset()
      #expect(optimizer.slots.map(\.parameters.block.values) == first)
    }
  }
}
