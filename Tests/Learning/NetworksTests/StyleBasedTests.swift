import Foundation
import Networks
import SpecGANConvolutions
import SpecGANRandomness
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Styles of random scales for `batch` examples, with a column on each side that no layer reads.
private func randomStyles(_ channels: Int, batch: Int) -> Styles {
  let shape = [batch, channels + 2]
  let numbers = randomNumbers(shape[0] * shape[1], seed: 7).map { $0 / 2 }
  return Styles(Tensor(shape: shape, numbers).view, cotangents: Tensor(shape: shape).view)
}

private func noise(_ batch: Int) -> NoiseInputs {
  NoiseInputs(
    (0..<batch).map { .init(RandomStream(seed: 3, stream: 9), first: UInt64(1_000 * $0 + 1)) })
}

/// A demodulation after a convolution with 3 × 2 positions, from 5 to 4 channels.
private struct Demodulated {
  let bench: LayerBench
  let styles: Styles
  static let (inputs, outputs) = (5, 4)

  init(_ direction: ConvolutionDirection, hasNoise: Bool, threads: Int = 2) {
    let batch = 3
    var layout = ParameterLayout()
    let channels = [Self.inputs, Self.outputs]
    let kernel = layout.append(
      "kernel", shape: [3, 2] + (direction == .convolution ? channels : channels.reversed()))
    let bias = layout.append("bias", shape: [Self.outputs], initialValue: 0.25)
    let strength = hasNoise ? layout.append("strength", shape: [1], initialValue: 0.5) : nil
    styles = randomStyles(Self.inputs, batch: batch)
    let layer = Demodulation<LeakyReLU>(
      [3, 7, Self.outputs], kernel: kernel, direction,
      enlargement: direction == .transposed ? 4 : 1, scales: .init(first: 1, count: Self.inputs),
      bias: bias,
      noise: strength.map { .init(strength: $0, offset: 11) }, name: "G/a/demodulation")
    bench = LayerBench(
      layer, Parameters(glorotUniform: layout, seed: 1), batch: batch, styles: styles,
      noise: noise(batch), threads: threads)
  }
}

@Suite struct StyleBasedTests {
  @Test func layersOfTheMappingObeyTheLawsOfLayers() {
    let none = Parameters(ParameterLayout())
    checkLayer(LayerBench(LatentNormalization([5, 3], name: "n"), none, batch: 3))
    checkLayer(LayerBench(StyleChoice(dimension: 4, layers: 3, name: "c"), none, batch: 3))
  }

  /// Each part has a mean square of one, whatever the size of the input.
  @Test func partsOfALatentAreNormalized() {
    let bench = LayerBench(
      LatentNormalization([5, 3], name: "n"), Parameters(ParameterLayout()), batch: 2)
    let x = randomNumbers(16, seed: 1).map { 40 * $0 }
    let y = bench.forward(x)
    for part in [0..<5, 5..<8, 8..<13, 13..<16] {
      let square = y[part].reduce(0) { $0 + $1 * $1 } / Float(part.count)
      // Two roundings of each of the terms.
      #expect(abs(square - 1) <= 4 * 0x1p-23, "\(square)")
    }
  }

  /// With more elements than a task has, too.
  @Test(arguments: [4, 401]) func aConstantObeysTheLawOfItsGradient(_ channels: Int) {
    var layout = ParameterLayout()
    let layer = ConstantInput([2, 3, channels], inputs: 5, name: "G/constant", in: &layout)
    let parameters = Parameters(glorotUniform: layout, seed: 1)
    let bench = LayerBench(layer, parameters, batch: 3)
    let x = randomNumbers(15, seed: 1)
    let constant = parameters.block.values
    #expect(bench.forward(x) == constant + constant + constant)
    let size = 6 * channels
    let cotangent = randomNumbers(3 * size, seed: 2)
    let (xCotangent, gradient) = bench.backward(cotangent, at: x)
    #expect(xCotangent.allSatisfy { $0 == 0 })
    let sums = (0..<size).map { index -> Float in
      let (first, second) = (cotangent[index], cotangent[index + size])
      return first + second + cotangent[index + 2 * size]
    }
    #expect(gradient.block.values == sums)
  }

  /// Kernels with more pairs of channels than a task has are summed completely.
  @Test func largeKernelsAreNormalized() {
    var layout = ParameterLayout()
    let (inputs, outputs) = (90, 70)
    let kernel = layout.append("kernel", shape: [2, inputs, outputs])
    let layer = Demodulation<Identity>(
      [1, outputs], kernel: kernel, .convolution, scales: .init(first: 0, count: inputs),
      bias: layout.append("bias", shape: [outputs]), noise: nil, name: "d")
    let parameters = Parameters(glorotUniform: layout, seed: 1)
    let results = [1, 3].map { threads in
      let styles = Styles(Tensor(shape: [2, inputs]).view)
      return LayerBench(layer, parameters, batch: 2, styles: styles, threads: threads)
        .forward([Float](repeating: 1, count: 2 * outputs))
    }
    let weights = parameters[kernel].values.map(Double.init)
    let expected = (0..<outputs).map { output -> Float in
      let places = stride(from: output, to: weights.count, by: outputs)
      return Float((2 / places.reduce(1e-8) { $0 + weights[$1] * weights[$1] }).squareRoot())
    }
    #expect(results[0] == results[1])
    expectClose(results[0], expected + expected, terms: 180, scale: 4)
  }

  @Test(arguments: [true, false]) func modulationObeysTheLawsOfLayers(_ isDemodulated: Bool) {
    let styles = randomStyles(5, batch: 3)
    let layer = Modulation(
      [2, 3, 5], scales: .init(first: 1, count: 5), isDemodulated: isDemodulated, name: "G/a/style")
    let bench = LayerBench(layer, Parameters(ParameterLayout()), batch: 3, styles: styles)
    checkLayer(bench)
    // After a demodulation it adds to the cotangents of the scales, otherwise it overwrites them.
    styles.cotangents?.fill(2)
    checkStyles(bench, styles, added: isDemodulated ? 2 : 0, unread: 2)
  }

  @Test(arguments: [ConvolutionDirection.convolution, .transposed], [false, true])
  func demodulationObeysTheLawsOfLayers(_ direction: ConvolutionDirection, _ hasNoise: Bool) {
    let subject = Demodulated(direction, hasNoise: hasNoise)
    checkLayer(subject.bench)
    subject.styles.cotangents?.fill(-7)
    checkStyles(subject.bench, subject.styles, added: 0, unread: -7)
  }

  /// Expects that the cotangents of the styles, minus `added`, equal differences of the outputs,
  /// and that columns which the layer does not read are `unread`.
  private func checkStyles(_ bench: LayerBench, _ styles: Styles, added: Float, unread: Float) {
    let x = randomNumbers(bench.inputCount, seed: 1)
    let cotangent = randomNumbers(bench.outputCount, seed: 2)
    _ = bench.backward(cotangent, at: x)
    let found = styles.cotangents?.values ?? []
    let values = styles.values
    let (start, step) = (values.values, Float(0x1p-10))
    for index in start.indices {
      func loss(_ step: Float) -> Double {
        values.withMutableSpan { $0[index] = start[index] + step }
        return inner(cotangent, bench.forward(x))
      }
      let difference = (loss(step) - loss(-step)) / Double(2 * step)
      _ = loss(0)
      let isRead = (1..<values.stride - 1).contains(index % values.stride)
      // Differences of outputs of size 1 with a step of 2⁻¹⁰ are exact to about 2⁻¹⁰, unless a
      // LeakyReLU changes its slope in between.
      #expect(
        isRead
          ? abs(difference + Double(added - found[index])) <= 0.04 : found[index] == unread,
        "column \(index % values.stride): \(difference), \(found[index])")
    }
  }

  /// Equation 3 of the paper, with a kernel for each example: outputs of a convolution whose kernel
  /// is scaled by the styles, divided by the norm of the scaled kernel of each output channel.
  @Test(arguments: [ConvolutionDirection.convolution, .transposed])
  func aModulatedConvolutionHasAKernelForEachExample(_ direction: ConvolutionDirection) {
    let net = StyleBasedNetwork(direction)
    _ = net.loss()
    let (actual, expected) = (net.workspace.output.values, net.explicitOutputs())
    // Sums of at most 4 · 6 products in each of two layers.
    expectClose(actual, expected, terms: 2 * 24, scale: 4)
  }

  @Test func bitsDoNotDependOnThreads() {
    for direction in [ConvolutionDirection.convolution, .transposed] {
      let results = [1, 2, 3].map { threads in
        let subject = Demodulated(direction, hasNoise: true, threads: threads)
        let x = randomNumbers(subject.bench.inputCount, seed: 1)
        let cotangent = randomNumbers(subject.bench.outputCount, seed: 2)
        let backward = subject.bench.backward(cotangent, at: x)
        return [
          subject.bench.forward(x), backward.x, backward.gradient.block.values,
          subject.styles.cotangents?.values ?? [],
        ]
      }
      #expect(results[0] == results[1] && results[0] == results[2])
    }
  }

  /// The gradients of a whole network with two styles for some examples equal differences.
  @Test(arguments: [ConvolutionDirection.convolution, .transposed])
  func gradientsOfANetworkEqualDifferences(_ direction: ConvolutionDirection) {
    let net = StyleBasedNetwork(direction)
    _ = net.loss()
    let gradient = net.gradient()
    for entry in net.network.layout.entries {
      checkGradient(
        gradient[entry].values, of: net.parameters[entry], step: 0x1p-10, tolerance: 0.03,
        entry.name, loss: net.loss)
    }
  }

  /// The gradient with respect to the latent, by which `like` finds the closest clip.
  @Test func theGradientOfTheInputEqualsDifferences() {
    let net = StyleBasedNetwork(.transposed)
    net.pass.mixing = nil
    _ = net.loss()
    _ = net.gradient(reachingInput: true)
    checkGradient(
      net.workspace.inputCotangent.values, of: net.workspace.input, step: 0x1p-10,
      tolerance: 0.03, "input", loss: net.loss)
  }

  /// With all layers of the second style, an example is that of the second latent.
  @Test func theSecondStyleIsThatOfTheSecondLatent() {
    let net = StyleBasedNetwork(.transposed)
    let layers = StyleBasedNetwork.layers
    func outputs(_ choice: Int) -> [Float] {
      net.pass.mixing = StyleMixing(
        variants: 2, layers: layers, choices: [Int](repeating: choice, count: 4 * layers))
      _ = net.loss()
      return net.workspace.output.values
    }
    let (first, second) = (outputs(0), outputs(1))
    #expect(first != second)
    let input = net.workspace.input
    input.copy(0..<4, of: net.workspace.input(ofVariant: 1), to: 0)
    #expect(outputs(0) == second)
  }

  /// A factor of 0 gives the mean, and one of 1 changes nothing.
  @Test func truncationMovesStylesTowardsTheirMean() {
    let choice = StyleChoice(dimension: 3, layers: 2, name: "c")
    let (x, y) = (Tensor(shape: [2, 3], [1, 2, 3, -1, -2, -3]), Tensor(shape: [2, 2, 3]))
    var pass = Pass(
      parameters: Parameters(ParameterLayout()), examples: 0..<2, engine: Engine(threads: 1))
    let means = Tensor(shape: [2, 3], [4, 4, 4, 8, 8, 8])
    pass.truncation = StyleTruncation(factors: [1, 0.5], means: means.view)
    choice.forward(x.view, into: y.view, pass)
    #expect(y.values == [1, 2, 3, 1, 2, 3, 3.5, 3, 2.5, 3.5, 3, 2.5])
  }

  /// The mapping network's steps are a hundredth of the others. With both optimizers the first step
  /// equals the learning rate, to rounding.
  @Test func theMappingLearnsMoreSlowly() {
    var layout = ParameterLayout()
    let entries = [ParameterLayout.Role.layer, .mapping, .mapping, .constant].enumerated().map {
      layout.append("\($0)", shape: [3, 5], role: $1)
    }
    for optimizer in [Adam(for: layout), RMSProp(.init(decay: 0), for: layout)] as [any Optimizer] {
      let (weights, gradient) = (Parameters(layout), Parameters(layout))
      gradient.block.fill(2)
      optimizer.update(
        weights, consuming: gradient, number: UpdateNumber(1), rate: 0.5, on: Engine(threads: 2))
      let steps = entries.map { weights[$0].values }
      for (index, expected) in [Float(-0.5), -0.005, -0.005, -0.5].enumerated() {
        #expect(steps[index].allSatisfy { abs($0 / expected - 1) <= 1e-5 })
      }
    }
  }

  @Test func constantsAreNormalAndTheMappingIsWider() throws {
    var layout = ParameterLayout()
    let constant = layout.append("constant", shape: [16, 16, 64], role: .constant)
    let mapping = layout.append("mapping", shape: [100, 200], role: .mapping)
    let weights = Parameters(.glorot, layout, seed: 5)
    let numbers = weights[constant].values.map(Double.init)
    let count = Double(numbers.count)
    // Standard errors of 16384 numbers: 1/128, √2/128 and √24/128.
    #expect(abs(numbers.reduce(0, +) / count) < 4.0 / 128)
    #expect(abs(numbers.reduce(0) { $0 + $1 * $1 } / count - 1) < 4 * 1.42 / 128)
    #expect(abs(numbers.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count - 3) < 4 * 4.9 / 128)
    let largest = try #require(weights[mapping].values.map(abs).max())
    let limit = Float(2 * 6.0 / 300).squareRoot()
    #expect(largest <= limit && largest > 0.999 * limit)
  }
}

/// A small style-based generator with labels, noise and style mixing.
private final class StyleBasedNetwork {
  static let layers = 2
  let network: Network
  let parameters: Parameters
  let workspace: Workspace
  var pass: Pass
  private let direction: ConvolutionDirection
  private let cotangent: [Float]

  init(_ direction: ConvolutionDirection) {
    let batch = 4
    self.direction = direction
    var builder = NetworkBuilder()
    builder.beginStyles(
      StyleMapping(latent: 5, labels: 2, embedding: 3, dimension: 6, depth: 2),
      constant: [2, 2, 3], layers: Self.layers, scope: "G")
    let stride = direction == .convolution ? 1 : 2
    let size = 2 * stride
    let axis = ConvolutionGeometry.Axis(length: size, kernel: 3, stride: stride)
    let (inside, outside) = direction == .convolution ? (3, 4) : (4, 3)
    builder.append(modulating: [2, 2, 3], isDemodulated: true, scope: "G/first")
    builder.append(
      demodulated: .init(
        scope: "G/first", operation: "conv2d",
        geometry: .init(
          height: axis, width: axis, inputChannels: inside, outputChannels: outside),
        direction: direction, window: [3, 3]),
      to: [size, size, 4], hasNoise: true, LeakyReLU.self)
    builder.append(modulating: [size, size, 4], isDemodulated: false, scope: "G/last")
    let last = ConvolutionGeometry.Axis(length: size, kernel: 1, stride: 1)
    builder.append(
      .init(
        scope: "G/last", operation: "conv2d",
        geometry: .init(height: last, width: last, inputChannels: 4, outputChannels: 2),
        window: [1, 1]), HyperbolicTangent.self)
    network = builder.network
    parameters = Parameters(glorotUniform: network.layout, seed: 3)
    for entry in network.layout.entries where entry.name.hasSuffix("strength") {
      parameters[entry].fill(0.5)
    }
    let engine = Engine(threads: 2)
    workspace = Workspace(
      differentiating: network, examples: batch, styleVariants: 2, engine: engine)
    engine.fillScratch(.nan)
    pass = Pass(parameters: parameters, examples: 0..<batch, engine: engine)
    pass.noise = noise(batch)
    pass.mixing = StyleMixing(
      variants: 2, layers: Self.layers, choices: [0, 0, 0, 1, 1, 1, 1, 0])
    cotangent = randomNumbers(workspace.output.count, seed: 4)
    for variant in 0..<2 {
      let input = workspace.input(ofVariant: variant)
      let numbers = randomNumbers(input.count, seed: UInt64(5 + variant))
      input.copy(0..<batch, of: Tensor(shape: [batch, 7], numbers).view, to: 0)
    }
  }

  func loss() -> Double {
    network.forward(workspace, pass)
    return inner(cotangent, workspace.output.values)
  }

  func gradient(reachingInput: Bool = false) -> Parameters {
    workspace.outputCotangent.copy(
      0..<4, of: Tensor(shape: workspace.output.shape, cotangent).view, to: 0)
    network.backward(workspace, reachingInput: reachingInput, pass)
    let gradient = Parameters(network.layout)
    network.accumulateGradient(workspace, into: gradient, pass)
    return gradient
  }

  private static let channelPairs = (0..<3).flatMap { input in (0..<4).map { (input, $0) } }

  /// Computes the outputs by the equations, from the styles of the network.
  func explicitOutputs() -> [Float] {
    func parameter(_ name: String) -> [Double] {
      parameters.slices.first { $0.name == name }?.slice.values.map(Double.init) ?? []
    }
    let styles = workspace.styles?.values ?? []
    let (constant, kernel) = (parameter("G/constant"), parameter("G/first/conv2d/kernel"))
    let (bias, last) = (parameter("G/first/conv2d/bias"), parameter("G/last/conv2d/kernel"))
    let lastBias = parameter("G/last/conv2d/bias")
    let stride = direction == .convolution ? 1 : 2
    let size = 2 * stride
    return (0..<4).flatMap { example -> [Float] in
      let scales = (0..<7).map { 1 + Double(styles[example * 7 + $0]) }
      // [position, input, output] of the example's own kernel, demodulated.
      var own = [Double](repeating: 0, count: 9 * 3 * 4)
      for tap in 0..<9 {
        for (input, output) in Self.channelPairs {
          let index =
            direction == .convolution
            ? tap * 12 + input * 4 + output : tap * 12 + output * 3 + input
          own[tap * 12 + input * 4 + output] = kernel[index] * scales[input]
        }
      }
      for output in 0..<4 {
        let places = (0..<27).map { $0 * 4 + output }
        let norm = (places.reduce(0) { $0 + own[$1] * own[$1] } + 1e-8).squareRoot()
        // Twice the enlargement, of which the root is the gain.
        for place in places { own[place] *= Double(2 * stride * stride).squareRoot() / norm }
      }
      var numbers = [Float](repeating: 0, count: size * size)
      var span = numbers.mutableSpan
      RandomStream(seed: 3, stream: 9).fillNormal(&span, from: UInt64(1_000 * example + 1))
      // TensorFlow's SAME padding: one position on each side for 3 × 3 with a stride of 1, and at
      // the end only with 2.
      let padding = stride == 1 ? 1 : 0
      var hidden = [Double](repeating: 0, count: size * size * 4)
      for (y, x) in (0..<2).flatMap({ y in (0..<2).map { (y, $0) } }) {
        for (down, across) in (0..<3).flatMap({ d in (0..<3).map { (d, $0) } }) {
          // The kernel position that connects input (y, x) with this output.
          let row = stride == 1 ? y + padding - down : 2 * y + down - padding
          let column = stride == 1 ? x + padding - across : 2 * x + across - padding
          guard 0..<size ~= row, 0..<size ~= column else { continue }
          for (input, output) in Self.channelPairs {
            hidden[(row * size + column) * 4 + output] +=
              own[(down * 3 + across) * 12 + input * 4 + output]
              * constant[(y * 2 + x) * 3 + input]
          }
        }
      }
      return (0..<size * size).flatMap { position -> [Float] in
        let values = (0..<4).map { channel -> Double in
          let sum = hidden[position * 4 + channel] + 0.5 * Double(numbers[position]) + bias[channel]
          return max(sum, 0.2 * sum) * scales[3 + channel]
        }
        return (0..<2).map { output in
          let sum = (0..<4).reduce(lastBias[output]) { $0 + values[$1] * last[$1 * 2 + output] }
          return Float(tanh(sum))
        }
      }
    }
  }
}
