internal import Networks
internal import Tensors

/// The convolutions that critic and generator share, the critic's first at the sample's side.
struct Pyramid {
  let geometries: [ConvolutionGeometry]
  /// The published code's name for the critic's kind of convolution.
  let convolutionName: String
  /// The critic's kernel shape before its channels.
  let kernelAxes: (ConvolutionGeometry) -> [Int]

  /// Numbers at the narrow end.
  private var featureCount: Int { geometries.last?.outputCount ?? 0 }

  /// The convolutions, each with LeakyReLU and, between them, a phase shuffle along time; then a dense layer.
  func critic(outputs: Int, isShuffled: Bool) -> Network {
    var layout = ParameterLayout()
    var layers: [any Layer] = []
    for (level, geometry) in geometries.enumerated() {
      let isWaveform = geometry.height == .single
      let shuffle = PhaseShuffle(along: isWaveform ? .positions : .lines, index: level - 1)
      layers.append(
        criticConvolution(level, geometry, isShuffled && level > 0 ? shuffle : nil, &layout))
    }
    layers.append(
      AffineLayer<Identity>(
        ConvolutionGeometry(inputs: featureCount, outputs: outputs),
        kernel: layout.append("D/output/dense/kernel", shape: [featureCount, outputs]),
        bias: layout.append("D/output/dense/bias", shape: [outputs])))
    return Network(layers, layout: layout)
  }

  /// A dense layer with ReLU, then the convolutions backwards and transposed, the last with tanh.
  func generator(inputs: Int) -> Network {
    var layout = ParameterLayout()
    let projection = AffineLayer<ReLU>(
      ConvolutionGeometry(inputs: inputs, outputs: featureCount),
      kernel: layout.append("G/z_project/dense/kernel", shape: [inputs, featureCount]),
      bias: layout.append("G/z_project/dense/bias", shape: [featureCount]))
    let convolutions = geometries.reversed().enumerated().map { level, geometry -> any Layer in
      level == geometries.count - 1
        ? generatorConvolution(level, geometry, &layout) as AffineLayer<HyperbolicTangent>
        : generatorConvolution(level, geometry, &layout) as AffineLayer<ReLU>
    }
    return Network([projection] + convolutions, layout: layout)
  }

  private func criticConvolution(
    _ level: Int, _ geometry: ConvolutionGeometry, _ shuffle: PhaseShuffle?,
    _ layout: inout ParameterLayout
  ) -> AffineLayer<LeakyReLU> {
    let name = "D/downconv_\(level)/\(convolutionName)"
    return AffineLayer(
      geometry, shuffle: shuffle,
      kernel: layout.append(
        name + "/kernel",
        shape: kernelAxes(geometry) + [geometry.inputChannels, geometry.outputChannels]),
      bias: layout.append(name + "/bias", shape: [geometry.outputChannels]))
  }

  private func generatorConvolution<Function: Activation>(
    _ level: Int, _ geometry: ConvolutionGeometry, _ layout: inout ParameterLayout
  ) -> AffineLayer<Function> {
    let name = "G/upconv_\(level)/conv2d_transpose"
    return AffineLayer(
      geometry, .transposed,
      kernel: layout.append(
        name + "/kernel",
        shape: [
          geometry.height.kernel, geometry.width.kernel,
          geometry.inputChannels, geometry.outputChannels,
        ]),
      bias: layout.append(name + "/bias", shape: [geometry.inputChannels]))
  }
}
