import Networks
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Self-attention after a dense layer that is the identity, whose output's cotangents are those of
/// attention's input.
private struct Subject {
  let network: Network
  let parameters: Parameters
  let batch: Int
  let workspace: Workspace
  let pass: Pass

  init(_ shape: [Int], batch: Int, threads: Int = 2) {
    var builder = NetworkBuilder()
    let count = shape.reduce(1, *)
    builder.appendDense("D/first", inputs: count, outputs: count, Identity.self)
    builder.appendAttention("D/attention", shape: shape)
    network = builder.network
    parameters = Parameters(network.layout)
    self.batch = batch
    let engine = Engine(threads: threads)
    workspace = Workspace(
      differentiating: network, examples: batch, tangentExamples: batch, engine: engine)
    engine.fillScratch(.nan)
    pass = Pass(parameters: parameters, examples: 0..<batch, engine: engine)
    identity()
  }

  /// Fills the parameters with numbers of about the golden ones' size.
  func randomize() {
    let values = randomNumbers(parameters.layout.count, seed: 9).map { $0 / 2 }
    parameters.block.copy(0..<values.count, of: Tensor(shape: [values.count], values).view, to: 0)
    identity()
  }

  private func identity() {
    let (kernel, bias) = (network.layout.entries[0], network.layout.entries[1])
    parameters[bias].fill(0)
    parameters[kernel].fill(0)
    parameters[kernel].withMutableSpan { kernel in
      let count = network.inputShape.reduce(1, *)
      for index in 0..<count { kernel[index * count + index] = 1 }
    }
  }

  /// The parameters of attention with their names in the golden data.
  var attention: [(entry: ParameterLayout.Entry, name: String)] {
    let scope = "D/attention/"
    return network.layout.entries.filter { $0.name.hasPrefix(scope) }.map {
      ($0, String($0.name.dropFirst(scope.count)))
    }
  }

  /// Fills attention's parameters with golden values.
  func fill(_ read: (String) throws -> [Float]) throws {
    for (entry, name) in attention {
      let values = try read(name)
      parameters[entry].withMutableSpan { span in
        for index in 0..<span.count { span[index] = values[index] }
      }
    }
  }

  func fill(_ view: TensorView, _ values: [Float]) {
    view.copy(0..<batch, of: Tensor(shape: view.shape, values).view, to: 0)
  }

  /// Runs all passes, and returns the gradient for the parameters of `⟨ȳ, f⟩` and of `⟨ȳ, J·ẋ⟩`.
  func run(
    x: [Float], cotangent: [Float], direction: [Float]
  ) throws -> (gradient: Parameters, penalty: Parameters) {
    let twice = try #require(TwiceDifferentiableNetwork(network))
    fill(workspace.input, x)
    network.forward(workspace, pass)
    fill(workspace.outputCotangent, cotangent)
    network.backward(workspace, reachingInput: true, pass)
    fill(workspace.tangents[0], direction)
    network.tangent(workspace, pass)
    let (gradient, penalty) = (Parameters(network.layout), Parameters(network.layout))
    network.accumulateGradient(workspace, into: gradient, pass)
    twice.findCurvature(workspace, pass)
    twice.accumulateTangentGradient(workspace, into: penalty, pass)
    #expect(twice.isCurved)
    twice.pullBackCurvature(workspace, pass)
    twice.accumulateCurvatureGradient(workspace, into: penalty, pass)
    return (gradient, penalty)
  }
}

@Suite struct AttentionTests {
  /// The shapes of `tools/reference/attention.py`.
  private static let shapes = ["picture": [8, 4, 16], "signal": [1, 32, 8]]

  @Test(arguments: ["picture", "signal"])
  func passesEqualPyTorchs(_ kind: String) throws {
    let golden = try Golden("attention")
    func read(_ name: String) throws -> [Float] { try golden.floats("\(kind)/\(name)") }
    let batch = golden.shape("\(kind)/x")[0]
    let subject = Subject(try #require(Self.shapes[kind]), batch: batch)
    try subject.fill(read)
    let found = try subject.run(
      x: read("x"), cotangent: read("cotangent"), direction: read("direction"))
    // Sums of up to 64 products, of softmax's weights and of parameters; the gradients sum over
    // 96 positions. Rounding is relative to values of about 10, those of the penalty of about 100.
    expectClose(subject.workspace.output.values, try read("y"), terms: 64, scale: 10, "y")
    for (entry, name) in subject.attention {
      expectClose(
        found.gradient[entry].values, try read("gradient/\(name)"), terms: 160, scale: 10, name)
      expectClose(
        found.penalty[entry].values, try read("penalty/\(name)"), terms: 160, scale: 100,
        "penalty \(name)")
    }
    let tangents = subject.workspace.tangents
    expectClose(
      tangents[tangents.count - 1].values, try read("tangent"), terms: 64, scale: 10, "tangent")
    expectClose(
      subject.workspace.cotangents[1].values, try read("penalty/x"), terms: 160, scale: 100,
      "penalty x")
  }

  @Test(arguments: ["picture", "signal"])
  func cotangentsEqualPyTorchs(_ kind: String) throws {
    let golden = try Golden("attention")
    func read(_ name: String) throws -> [Float] { try golden.floats("\(kind)/\(name)") }
    let batch = golden.shape("\(kind)/x")[0]
    let subject = Subject(try #require(Self.shapes[kind]), batch: batch)
    try subject.fill(read)
    subject.fill(subject.workspace.input, try read("x"))
    subject.network.forward(subject.workspace, subject.pass)
    subject.fill(subject.workspace.outputCotangent, try read("cotangent"))
    subject.network.backward(subject.workspace, reachingInput: true, subject.pass)
    expectClose(
      subject.workspace.inputCotangent.values, try read("x_cotangent"), terms: 160, scale: 10)
  }

  @Test(arguments: [[8, 4, 16], [1, 32, 8], [4, 4, 1], [2, 2, 24], [1, 4, 3]])
  func obeysTheLawsOfLayers(_ shape: [Int]) {
    let subject = Subject(shape, batch: 2)
    subject.randomize()
    checkLayer(LayerBench(subject.network.layers[1], subject.parameters, batch: 2))
  }

  /// The gradient of `⟨ȳ, J·ẋ⟩` with respect to `x`, against central differences of `⟨ȳ, J·ẋ⟩`.
  ///
  /// Differences have the error of ``checkLayer``: below 2 % in norm. No window of these pictures
  /// has its largest value at another position in between.
  @Test(arguments: [[8, 4, 16], [1, 32, 8], [4, 4, 8]])
  func curvatureIsTheTangentsDerivative(_ shape: [Int]) throws {
    let subject = Subject(shape, batch: 2)
    subject.randomize()
    let layer = try #require(subject.network.layers[1] as? any TwiceDifferentiable)
    let bench = LayerBench(layer, subject.parameters, batch: 2)
    let x = randomNumbers(bench.inputCount, seed: 1)
    let (xTangent, way) = (
      randomNumbers(bench.inputCount, seed: 2), randomNumbers(bench.inputCount, seed: 3)
    )
    let yCotangent = randomNumbers(bench.outputCount, seed: 4)
    let (step, curvature) = (Float(0x1p-12), Tensor(shape: [2] + layer.inputShape).view)
    curvature.fill(.nan)
    _ = bench.tangent(xTangent, at: x)
    layer.curvature(
      Tensor(shape: [2] + layer.outputShape, yCotangent).view,
      xTangent: Tensor(shape: [2] + layer.inputShape, xTangent).view,
      x: Tensor(shape: [2] + layer.inputShape, x).view, into: curvature, bench.pass)
    func product(_ step: Float) -> Double {
      inner(yCotangent, bench.tangent(xTangent, at: zip(x, way).map { $0 + step * $1 }))
    }
    let difference = (product(step) - product(-step)) / Double(2 * step)
    let slope = inner(curvature.values, way)
    let size = (inner(curvature.values, curvature.values)).squareRoot()
    #expect(abs(difference - slope) < 0.02 * size, "\(difference) is not \(slope)")
  }

  /// Every pass has the same bits on any number of threads, also if gradients are summed.
  @Test func bitsDoNotDependOnThreads() throws {
    let results = try [1, 2, 3].map { threads in
      let subject = Subject([8, 8, 16], batch: 20, threads: threads)
      subject.randomize()
      let count = 20 * 8 * 8 * 16
      let found = try subject.run(
        x: randomNumbers(count, seed: 1), cotangent: randomNumbers(count, seed: 2),
        direction: randomNumbers(count, seed: 3))
      return [found.gradient, found.penalty].flatMap { $0.block.values }
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  /// With its initial factor, 0, attention changes nothing.
  @Test func beginsAsTheIdentity() {
    let subject = Subject([4, 4, 16], batch: 2)
    subject.fill(subject.workspace.input, randomNumbers(2 * 256, seed: 1))
    let weights = Parameters(glorotUniform: subject.network.layout, seed: 1)
    for (entry, _) in subject.attention {
      let count = entry.count
      subject.parameters[entry].withMutableSpan { span in
        weights[entry].withSpan { for index in 0..<count { span[index] = $0[index] } }
      }
    }
    subject.network.forward(subject.workspace, subject.pass)
    #expect(subject.workspace.output.values == subject.workspace.input.values)
  }

  /// Softmax of differences far beyond float32's range of exponents.
  @Test func largeProductsAreFinite() {
    let subject = Subject([4, 4, 8], batch: 1)
    for (entry, _) in subject.attention { subject.parameters[entry].fill(30) }
    subject.fill(subject.workspace.input, randomNumbers(128, seed: 1).map { 10 * $0 })
    subject.network.forward(subject.workspace, subject.pass)
    #expect(subject.workspace.output.withSpan { $0.isFinite })
  }
}
