import Networks
import SpecGANConvolutions
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// The layers of `tools/reference/layers.py`.
enum Case: String, CaseIterable {
  case conv1d, conv2d, dense
  case transposed1d = "conv1d_transpose"
  case transposed2d = "conv2d_transpose"

  private var isTransposed: Bool { self == .transposed1d || self == .transposed2d }

  private var geometry: ConvolutionGeometry {
    let one = ConvolutionGeometry.Axis(length: 32, kernel: 25, stride: 4)
    let height = ConvolutionGeometry.Axis(length: 12, kernel: 5, stride: 2)
    let width = ConvolutionGeometry.Axis(length: 8, kernel: 5, stride: 2)
    return switch self {
    case .conv1d: .init(length: one, inputChannels: 5, outputChannels: 7)
    case .transposed1d: .init(length: one, inputChannels: 7, outputChannels: 5)
    case .conv2d: .init(height: height, width: width, inputChannels: 2, outputChannels: 7)
    case .transposed2d: .init(height: height, width: width, inputChannels: 7, outputChannels: 2)
    case .dense: .init(inputs: 11, outputs: 7)
    }
  }

  func layer<Function: Activation>(_: Function.Type) -> (any Layer, Parameters) {
    var layout = ParameterLayout()
    let layer = AffineLayer<Function>(
      geometry, isTransposed ? .transposed : .convolution,
      kernel: layout.append("kernel", shape: [geometry.kernelCount]),
      bias: layout.append("bias", shape: [7]))
    return (layer, Parameters(layout))
  }

  func layer(_ function: String) throws -> (any Layer, Parameters) {
    switch function {
    case "identity": layer(Identity.self)
    case "relu": layer(ReLU.self)
    case "leaky_relu": layer(LeakyReLU.self)
    default: layer(HyperbolicTangent.self)
    }
  }
}

private let functions = ["identity", "relu", "leaky_relu", "tanh"]

@Suite struct AffineLayerTests {
  @Test(arguments: Case.allCases, functions)
  func passesEqualPyTorchs(_ kind: Case, _ function: String) throws {
    let golden = try Golden("layers")
    func read(_ name: String) throws -> [Float] {
      try golden.floats("\(kind.rawValue)/\(function)/\(name)")
    }
    let (layer, parameters) = try kind.layer(function)
    for entry in parameters.layout.entries {
      let values = try read(entry.name)
      parameters[entry].withMutableSpan { span in
        for index in 0..<span.count { span[index] = values[index] }
      }
    }
    let bench = LayerBench(layer, parameters, batch: 3)
    let x = try read("x")
    // Identity and ReLU have inputs of small integers and halves, whose sums are exact in float32.
    let isExact = function == "identity" || function == "relu"
    // A transposed kernel's sums have fewer terms, and those of the weight gradient are over the
    // positions. The receptive field of 25 · 7 or the 3 · 24 positions is an upper bound for all.
    let terms = 25 * 7
    func expect(_ actual: [Float], _ name: String) throws {
      let expected = try read(name)
      if isExact {
        #expect(actual == expected, "\(name)")
      } else {
        expectClose(actual, expected, terms: terms, name)
      }
    }
    try expect(bench.forward(x), "y")
    let backward = bench.backward(try read("cotangent"), at: x)
    try expect(backward.x, "x_cotangent")
    let entries = parameters.layout.entries
    try expect(backward.gradient[entries[0]].values, "kernel_gradient")
    try expect(backward.gradient[entries[1]].values, "bias_gradient")
    try expect(bench.tangent(try read("direction"), at: x), "tangent")
  }

  @Test(arguments: Case.allCases, functions)
  func obeysTheLawsOfLayers(_ kind: Case, _ function: String) throws {
    let (layer, parameters) = try kind.layer(function)
    parameters.block.copy(
      0..<parameters.layout.count, of: Tensor.random([parameters.layout.count], seed: 5).view,
      to: 0)
    checkLayer(LayerBench(layer, parameters, batch: 2))
  }

  @Test(arguments: Case.allCases)
  func bitsDoNotDependOnThreads(_ kind: Case) throws {
    let (layer, parameters) = try kind.layer("leaky_relu")
    parameters.block.copy(
      0..<parameters.layout.count, of: Tensor.random([parameters.layout.count], seed: 5).view,
      to: 0)
    let results = [1, 2, 3].map { threads in
      let bench = LayerBench(layer, parameters, batch: 40, threads: threads)
      let x = randomNumbers(bench.inputCount, seed: 1)
      let backward = bench.backward(randomNumbers(bench.outputCount, seed: 2), at: x)
      return [bench.forward(x), backward.x, backward.gradient.block.values]
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  @Test func withoutBiasTheBiasGradientStays() throws {
    let (layer, parameters) = try Case.dense.layer("relu")
    let bench = LayerBench(layer, parameters, batch: 2)
    let gradient = bench.backward(
      randomNumbers(bench.outputCount, seed: 2), at: randomNumbers(bench.inputCount, seed: 1),
      includingBias: false
    ).gradient
    #expect(gradient[parameters.layout.entries[1]].values.allSatisfy { $0 == 0 })
  }

  /// The learned filter behind WaveGAN's tanh, with and without its bias of zero.
  @Test func aLayerMayHaveNoBias() {
    let geometry = ConvolutionGeometry(
      length: .init(length: 40, kernel: 16, stride: 1), inputChannels: 2, outputChannels: 2)
    let kernel = randomNumbers(geometry.kernelCount, seed: 5)
    func bench(hasBias: Bool) -> LayerBench {
      var layout = ParameterLayout()
      let layer = AffineLayer<Identity>(
        geometry, kernel: layout.append("G/pp_filt/conv1d/kernel", shape: [16, 2, 2]),
        bias: hasBias ? layout.append("G/pp_filt/conv1d/bias", shape: [2]) : nil)
      let parameters = Parameters(layout)
      parameters[layer.kernel].withMutableSpan { span in
        for index in 0..<span.count { span[index] = kernel[index] }
      }
      return LayerBench(layer, parameters, batch: 3)
    }
    checkLayer(bench(hasBias: false))
    let benches = [bench(hasBias: false), bench(hasBias: true)]
    let x = randomNumbers(benches[0].inputCount, seed: 1)
    let cotangent = randomNumbers(benches[0].outputCount, seed: 2)
    #expect(benches[0].forward(x) == benches[1].forward(x))
    let backwards = benches.map { $0.backward(cotangent, at: x) }
    #expect(backwards[0].x == backwards[1].x)
    let gradients = backwards.map(\.gradient.block.values)
    #expect(gradients[0] == Array(gradients[1].prefix(kernel.count)))
    #expect(benches[0].layer.name == "G/pp_filt")
  }

  /// NaN must remain visible, and not be clipped.
  @Test(arguments: functions)
  func notANumberGivesNotANumber(_ function: String) throws {
    let (layer, parameters) = try Case.dense.layer(function)
    parameters.block.fill(1)
    let bench = LayerBench(layer, parameters, batch: 1)
    let results = bench.forward([.nan] + [Float](repeating: 0, count: 10))
    #expect(results.allSatisfy { $0.isNaN })
  }
}
