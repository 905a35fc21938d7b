import Foundation
import Networks
import SpecGANConvolutions
import SpecGANTensors
import Testing

@Suite struct NetworkTests {
  @Test func aLayoutPutsParametersOneAfterTheOther() {
    var layout = ParameterLayout()
    let kernel = layout.append("kernel", shape: [5, 3])
    let bias = layout.append("bias", shape: [3])
    #expect(kernel.offset == 0)
    #expect(bias.offset == 15)
    #expect(bias.ordinal == 1)
    #expect(layout.count == 18)
    #expect(Parameters(layout).slices.map(\.name) == ["kernel", "bias"])
  }

  @Test func layersThatDoNotFitTrap() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      let first = AffineLayer<ReLU>(
        .init(inputs: 3, outputs: 4), kernel: layout.append("a", shape: [3, 4]),
        bias: layout.append("b", shape: [4]))
      _ = Network([first, first], layout: layout)
    }
  }

  @Test func moreTangentsThanExamplesTrap() async {
    await #expect(processExitsWith: .signal(SIGILL)) {
      var layout = ParameterLayout()
      let layer = AffineLayer<ReLU>(
        .init(inputs: 3, outputs: 4), kernel: layout.append("a", shape: [3, 4]),
        bias: layout.append("b", shape: [4]))
      _ = Workspace(
        differentiating: Network([layer], layout: layout), examples: 3, tangentExamples: 4,
        engine: Engine(threads: 1))
    }
  }

  /// Those of more than half of the examples have memory of their own.
  @Test func tangentsDoNotOverwriteCotangentsThatAreNeeded() {
    var layout = ParameterLayout()
    let layer = AffineLayer<ReLU>(
      .init(inputs: 3, outputs: 4), kernel: layout.append("a", shape: [3, 4]),
      bias: layout.append("b", shape: [4]))
    let workspace = Workspace(
      differentiating: Network([layer], layout: layout), examples: 3, tangentExamples: 2,
      engine: Engine(threads: 1))
    for place in workspace.cotangents { place.fill(1) }
    for place in workspace.tangents { place.fill(2) }
    #expect(workspace.cotangents.allSatisfy { $0.values.allSatisfy { $0 == 1 } })
  }
}
