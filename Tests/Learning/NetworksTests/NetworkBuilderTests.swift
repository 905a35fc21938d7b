import Networks
import Testing

/// The layers that `NetworkBuilder` appends, with a user's access to `Networks`.
@Suite struct NetworkBuilderTests {
  /// Returns the output of `network` for `input`, with all parameters equal to `value`.
  private func output(
    of network: Network, for input: [Float], parameters value: Float = 1,
    dropout: DropoutDraws? = nil
  ) -> [Float] {
    let weights = Parameters(network.layout)
    for entry in network.layout.entries {
      weights[entry].withMutableSpan { values in
        for index in values.indices { values[index] = value }
      }
    }
    let engine = Engine()
    let workspace = Workspace(network, examples: 1, engine: engine)
    workspace.input.withMutableSpan { values in
      for index in values.indices { values[index] = input[index] }
    }
    var pass = Pass(parameters: weights, examples: 0..<1, engine: engine)
    pass.normalization = .groups(of: 1)
    pass.dropout = dropout
    network.forward(workspace, pass)
    return workspace.output.values
  }

  /// A sum of 1s has as many terms as the 3 × 3 window has positions in the picture, and the bias
  /// is 1.
  @Test func aConvolutionAddsItsWindowWithZerosBeyondTheEdges() {
    var builder = NetworkBuilder()
    builder.appendConvolution("c", input: [3, 4, 1], channels: 1, kernel: [3, 3], Identity.self)
    let sums = output(of: builder.network, for: [Float](repeating: 1, count: 12))
    #expect(sums == [5, 7, 7, 5, 7, 10, 10, 7, 5, 7, 7, 5])
  }

  /// Windows that do not overlap repeat each value, plus the bias of 1.
  @Test func aTransposedConvolutionEnlarges() {
    var builder = NetworkBuilder()
    builder.appendTransposedConvolution(
      "t", input: [1, 2, 1], channels: 1, kernel: [2, 2], stride: [2, 2], Identity.self)
    let network = builder.network
    #expect(network.outputShape == [2, 4, 1])
    #expect(output(of: network, for: [3, 5]) == [4, 4, 6, 6, 4, 4, 6, 6])
  }

  @Test func poolingTakesTheLargestOfEachWindow() {
    var builder = NetworkBuilder()
    builder.appendMaxPooling("p", input: [2, 4, 1])
    #expect(output(of: builder.network, for: [1, 2, 3, 4, 8, 7, 6, 5]) == [8, 6])
  }

  /// Of −1 and 1 the mean is 0 and the variance 1; factor and offset are 1. ε is 10⁻³.
  @Test func batchNormalizationStandardizesEachChannel() {
    var builder = NetworkBuilder()
    builder.appendBatchNormalization("b", shape: [2, 1, 2])
    let values = output(of: builder.network, for: [-1, 4, 1, 4])
    let scaled = 1 / Float(1.001).squareRoot()
    for (value, expected) in zip(values, [1 - scaled, 1, 1 + scaled, 1]) {
      #expect(abs(value - expected) < 1e-6)
    }
  }

  /// Two layers with the same draws would drop nothing more than one.
  @Test func everyDropoutLayerHasDrawsOfItsOwn() {
    var builder = NetworkBuilder()
    builder.appendDropout("first", shape: [256], rate: 0.5)
    let ones = [Float](repeating: 1, count: 256)
    let draws = DropoutDraws(seed: 1, update: 1, batch: 1)
    let one = output(of: builder.network, for: ones, dropout: draws)
    builder.appendDropout("second", shape: [256], rate: 0.5)
    let two = output(of: builder.network, for: ones, dropout: draws)
    #expect(Set(one) == [0, 2] && Set(two) == [0, 4])
    #expect(two.count { $0 > 0 } < one.count { $0 > 0 })
    #expect(output(of: builder.network, for: ones) == ones, "at inference")
  }

  @Test func layersFitTogether() {
    var builder = NetworkBuilder()
    builder.appendConvolution(
      "c", input: [4, 6, 2], channels: 3, kernel: [3, 3], stride: [2, 2], LeakyReLU.self)
    builder.appendBatchNormalization("b", shape: [2, 3, 3])
    builder.appendTransposedConvolution(
      "t", input: [2, 3, 3], channels: 2, kernel: [4, 4], stride: [2, 2], ReLU.self)
    builder.appendMaxPooling("p", input: [4, 6, 2])
    builder.appendDense("d", inputs: 12, outputs: 1, Identity.self)
    let network = builder.network
    #expect(network.inputShape == [4, 6, 2])
    #expect(network.layers.map { $0.outputShape.reduce(1, *) } == [18, 18, 48, 12, 1])
    #expect(
      network.layout.entries.map(\.shape)
        == [[3, 3, 2, 3], [3], [3], [3], [4, 4, 2, 3], [2], [12, 1], [1]])
  }
}
