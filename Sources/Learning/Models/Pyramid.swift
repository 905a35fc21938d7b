internal import Networks
internal import SpecGANConvolutions

/// The convolutions of a critic and a generator, the first at the sample's side in both.
///
/// The generator's are used backwards and transposed. They are the critic's own but for the order
/// of strides, where those differ.
struct Pyramid {
  let critic: [ConvolutionGeometry]
  let generator: [ConvolutionGeometry]
  let configuration: NetworkConfiguration

  /// One axis is time where the pictures have one line.
  var isWaveform: Bool { critic[0].height == .single }
  /// Numbers at the narrow end, the same for both.
  private var featureCount: Int { critic[critic.count - 1].outputCount }
  /// The published code's name for a convolution that is not transposed.
  private var convolutionName: String { isWaveform ? "conv1d" : "conv2d" }
  /// What tf.layers makes of variances: a waveform's tensors have three axes, a picture's four.
  private var estimate: VarianceEstimate { isWaveform ? .population : .unbiased }

  /// The kernel's shape of a convolution that is not transposed, before its channels.
  private func window(_ geometry: ConvolutionGeometry) -> [Int] {
    isWaveform
      ? [geometry.width.kernel] : [geometry.height.kernel, geometry.width.kernel]
  }
}

// MARK: - The critic

extension Pyramid {
  /// Convolutions whose outputs may be shuffled, by the published code, however many there are.
  static let shuffledLayers = 4

  /// The convolutions, each with LeakyReLU and, between them, a phase shuffle along time; then a
  /// dense layer.
  ///
  /// With batch normalisation, it stands before all activations but the first.
  func criticNetwork(outputs: Int, isShuffled: Bool) -> Network {
    var builder = NetworkBuilder()
    for (level, geometry) in critic.enumerated() {
      var affine = NetworkBuilder.Affine(
        scope: "D/downconv_\(level)", operation: convolutionName, geometry: geometry,
        window: window(geometry))
      if isShuffled && 1...Self.shuffledLayers ~= level {
        affine.shuffle = PhaseShuffle(along: isWaveform ? .positions : .lines, index: level - 1)
      }
      switch configuration.criticNormalization {
      case .batch where level > 0:
        builder.append(affine, normalizing: geometry.outputShape, estimate, LeakyReLU.self)
      case .batch, .spectral, .none: builder.append(affine, LeakyReLU.self)
      }
    }
    builder.append(
      .init(
        scope: "D/output", operation: "dense",
        geometry: .init(inputs: featureCount, outputs: outputs),
        window: []), Identity.self)
    return builder.network
  }
}

// MARK: - The generator

extension Pyramid {
  /// A dense layer with ReLU, then the convolutions backwards and transposed, the last with tanh.
  ///
  /// With batch normalisation, it stands before every ReLU.
  func generatorNetwork(inputs: Int, postFilter: Int) -> Network {
    var builder = NetworkBuilder()
    append(
      .init(
        scope: "G/z_project", operation: "dense",
        geometry: .init(inputs: inputs, outputs: featureCount), window: []),
      shape: generator[generator.count - 1].outputShape, to: &builder)
    for (level, geometry) in generator.reversed().enumerated() {
      let affine = enlarging(geometry, "G/upconv_\(level)", in: &builder)
      if level == generator.count - 1 {
        builder.append(affine, HyperbolicTangent.self)
      } else {
        append(affine, shape: geometry.inputShape, to: &builder)
      }
    }
    if postFilter > 0 { builder.append(filter(length: postFilter), Identity.self) }
    return builder.network
  }

  /// Appends `affine`, whose outputs are pictures of `shape`, with ReLU.
  private func append(
    _ affine: NetworkBuilder.Affine, shape: [Int], to builder: inout NetworkBuilder
  ) {
    switch configuration.generatorNormalization {
    case .batch: builder.append(affine, normalizing: shape, estimate, ReLU.self)
    case .none: builder.append(affine, ReLU.self)
    }
  }

  /// The way from the outputs of `geometry` to its inputs: transposed, or a convolution for which a
  /// resized picture is appended first.
  private func enlarging(
    _ geometry: ConvolutionGeometry, _ scope: String, in builder: inout NetworkBuilder
  ) -> NetworkBuilder.Affine {
    guard let interpolation = configuration.upsampling.interpolation else {
      return .init(
        scope: scope, operation: "conv2d_transpose", geometry: geometry, direction: .transposed,
        window: [geometry.height.kernel, geometry.width.kernel])
    }
    builder.append(
      Upsampling(
        interpolation, geometry.outputShape, heightFactor: geometry.height.stride,
        widthFactor: geometry.width.stride, name: scope + "/resize"))
    let resized = ConvolutionGeometry(
      height: geometry.height.withoutStride, width: geometry.width.withoutStride,
      inputChannels: geometry.outputChannels, outputChannels: geometry.inputChannels)
    return .init(
      scope: scope, operation: convolutionName, geometry: resized, window: window(resized))
  }

  /// The learned filter behind tanh, in which every channel of the sound may reach every other.
  private func filter(length: Int) -> NetworkBuilder.Affine {
    let sample = generator[0]
    let axis = ConvolutionGeometry.Axis(length: sample.width.length, kernel: length, stride: 1)
    let channels = sample.inputChannels
    return .init(
      scope: "G/pp_filt", operation: "conv1d",
      geometry: .init(length: axis, inputChannels: channels, outputChannels: channels),
      window: [length], hasBias: false)
  }
}

extension ConvolutionGeometry.Axis {
  /// The same positions under the same kernel, one output for each.
  fileprivate var withoutStride: Self { .init(length: length, kernel: kernel, stride: 1) }
}
