import Networks
import SpecGANTensors
import SpecGANTestSupport
import Testing

@Suite struct AdamTests {
  @Test func fiveUpdatesEqualTheFormula() throws {
    let golden = try Golden("layers")
    var layout = ParameterLayout()
    _ = layout.append("θ", shape: [11])
    let parameters = Parameters(layout)
    set(parameters, try golden.floats("adam/initial"))
    let adam = Adam(for: layout)
    let gradient = Parameters(layout)
    let engine = Engine(threads: 2)
    for update in 0..<5 {
      func row(_ name: String) throws -> [Float] {
        Array(try golden.floats("adam/" + name)[11 * update..<11 * (update + 1)])
      }
      set(gradient, try row("gradients"))
      adam.update(
        parameters, consuming: gradient, update: update + 1, rate: 1e-4, on: engine)
      // Each is a sum of two products and the value before: a few roundings per update.
      expectClose(parameters.block.values, try row("values"), terms: 5)
      expectClose(adam.mean.block.values, try row("first_moments"), terms: 5)
      expectClose(adam.square.block.values, try row("second_moments"), terms: 5)
    }
  }

  private func set(_ parameters: Parameters, _ values: [Float]) {
    parameters.block.withMutableSpan { span in
      for index in 0..<span.count { span[index] = values[index] }
    }
  }

  /// Many values are processed in pieces: each must be updated once, as with few values.
  @Test func manyParametersAreEachUpdatedOnce() throws {
    var layout = ParameterLayout()
    _ = layout.append("θ", shape: [100_003])
    let (parameters, gradient) = (Parameters(layout), Parameters(layout))
    gradient.block.fill(0.5)
    Adam(for: layout).update(
      parameters, consuming: gradient, update: 1, rate: 1e-4, on: Engine(threads: 3))
    #expect(gradient.block.values.allSatisfy { $0 == 0 })
    // The first update is α in the direction of the gradient's sign, except for ε.
    let values = parameters.block.values
    #expect(values.allSatisfy { $0 == values[0] })
    #expect(abs(values[0] + 1e-4) < 1e-9)
  }
}
