import Networks
import Testing

/// The training of a network by a user's program, for which `import Networks` is enough.
@Suite struct SmallNetworkTests {
  /// Two layers learn which points of a square lie inside a circle.
  @Test func aNetworkOfTwoLayersLearnsACircle() {
    // The layers, and their initial weights.
    var builder = NetworkBuilder()
    builder.appendDense("hidden", inputs: 2, outputs: 16, LeakyReLU.self)
    builder.appendDense("output", inputs: 16, outputs: 1, Identity.self)
    let network = builder.network
    let weights = Parameters(glorotUniform: network.layout, seed: 1)

    // The examples, in the memory that all passes share.
    let axis = (0..<8).map { Float($0) / 3.5 - 1 }
    let points = axis.flatMap { x in axis.map { y in (x, y) } }
    let engine = Engine()
    let workspace = Workspace(differentiating: network, examples: points.count, engine: engine)
    workspace.input.withMutableSpan { input in
      for (index, point) in points.enumerated() {
        (input[2 * index], input[2 * index + 1]) = point
      }
    }
    let isInside = points.map { x, y in x * x + y * y < 0.6 }

    // The training loop.
    let pass = Pass(parameters: weights, examples: 0..<points.count, engine: engine)
    let gradient = Parameters(network.layout)
    let adam = Adam(.init(beta1: 0.9, beta2: 0.999), for: network.layout)
    let loss = Loss.crossEntropy
    var means: [Float] = []
    for update in 1...500 {
      network.forward(workspace, pass)
      let terms = zip(workspace.output.values, isInside).map { value, isInside in
        isInside ? loss.criticTerm(real: value) : loss.criticTerm(generated: value)
      }
      means.append(terms.reduce(0) { $0 + $1.value } / Float(points.count))
      workspace.outputCotangent.withMutableSpan { slopes in
        for index in terms.indices { slopes[index] = terms[index].slope / Float(points.count) }
      }
      network.backward(workspace, reachingInput: false, pass)
      network.accumulateGradient(workspace, into: gradient, pass)
      adam.update(weights, consuming: gradient, update: update, rate: 0.01, on: engine)
    }

    network.forward(workspace, pass)
    #expect(workspace.output.values.map { $0 > 0 } == isInside)
    #expect(means[0] > 0.2 && means[499] < 0.02)
  }
}
