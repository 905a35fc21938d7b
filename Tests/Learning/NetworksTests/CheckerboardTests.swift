import Networks
import SpecGANTensors
import SpecGANTestSupport
import Testing

/// Upsampling and kernels with which a constant picture remains one, away from its edges.
///
/// Odena, Dumoulin and Olah, "Deconvolution and Checkerboard Artifacts", Distill, 2016.
@Suite struct CheckerboardTests {
  private static let channels = 3

  /// Returns the spread of one channel of the output in its middle, for a constant input.
  private func spread(_ network: Network, equalWeights: Bool) -> Float {
    let parameters = Parameters(glorotUniform: network.layout, seed: 5)
    if equalWeights { parameters.block.fill(0.25) }
    let engine = Engine(threads: 1)
    let workspace = Workspace(network, examples: 1, engine: engine)
    workspace.input.fill(1)
    network.forward(workspace, Pass(parameters: parameters, examples: 0..<1, engine: engine))
    let (height, width) = (network.outputShape[0], network.outputShape[1])
    let values = workspace.output.values
    var middle: [Float] = []
    for line in height / 4..<max(height * 3 / 4, height / 4 + 1) {
      for place in width / 4..<width * 3 / 4 {
        middle.append(values[(line * width + place) * Self.channels])
      }
    }
    return (middle.max() ?? 0) - (middle.min() ?? 0)
  }

  private func transposed(_ kernel: Int, isSignal: Bool) -> Network {
    var builder = NetworkBuilder()
    builder.appendTransposedConvolution(
      "G/upconv_0", input: isSignal ? [1, 32, 2] : [16, 16, 2], channels: Self.channels,
      kernel: isSignal ? [1, kernel] : [kernel, kernel], stride: isSignal ? [1, 4] : [2, 2],
      Identity.self)
    return builder.network
  }

  private func resized(
    _ interpolation: Upsampling.Interpolation, _ kernel: Int, isSignal: Bool
  ) -> Network {
    var builder = NetworkBuilder()
    let resize = Upsampling(
      interpolation, isSignal ? [1, 32, 2] : [16, 16, 2], heightFactor: isSignal ? 1 : 2,
      widthFactor: isSignal ? 4 : 2, name: "G/upconv_0/resize")
    builder.append(resize)
    builder.appendConvolution(
      "G/upconv_0", input: resize.outputShape, channels: Self.channels,
      kernel: isSignal ? [1, kernel] : [kernel, kernel], Identity.self)
    return builder.network
  }

  /// With a multiple of the stride, as many weights meet at every output. So equal weights leave no
  /// pattern; but unequal ones do.
  @Test(arguments: [(4, false), (6, false), (24, true), (8, true)])
  func multiplesOfTheStrideOverlapEvenly(_ kernel: Int, _ isSignal: Bool) {
    let network = transposed(kernel, isSignal: isSignal)
    #expect(spread(network, equalWeights: true) < 0x1p-18)
    #expect(spread(network, equalWeights: false) > 0.01)
  }

  /// The published kernels, 5 × 5 and 25, and 3 × 3.
  @Test(arguments: [(5, false), (3, false), (25, true)])
  func otherKernelsOverlapUnevenly(_ kernel: Int, _ isSignal: Bool) {
    #expect(spread(transposed(kernel, isSignal: isSignal), equalWeights: true) > 0.1)
  }

  /// Whatever the weights and the kernel.
  @Test(arguments: Upsampling.Interpolation.allCases, [3, 4, 5])
  func interpolationBeforeAConvolutionLeavesNoPattern(
    _ interpolation: Upsampling.Interpolation, _ kernel: Int
  ) {
    for isSignal in [false, true] {
      let network = resized(interpolation, kernel, isSignal: isSignal)
      #expect(spread(network, equalWeights: false) < 0x1p-18)
    }
  }
}
