internal import Networks
internal import SpecGANConvolutions

/// The convolutions of a critic and a generator, in both cases from the sample inwards.
///
/// The generator uses its convolutions in reverse order and transposed. They equal the critic's,
/// except for the order of the strides if these differ.
struct Pyramid {
  let critic: [ConvolutionGeometry]
  let generator: [ConvolutionGeometry]
  let configuration: NetworkConfiguration
  /// The channels of a sample.
  let channels: Int

  /// Whether samples are waveforms, which have a single line.
  var isWaveform: Bool { critic[0].height == .single }
  /// The number of elements of the innermost layer, the same for both networks.
  private var featureCount: Int { critic[critic.count - 1].outputCount }
  /// The reference's name for a convolution that is not transposed.
  var convolutionName: String { isWaveform ? "conv1d" : "conv2d" }
  /// The estimate of variances, as in tf.layers: it differs for tensors with three axes (waveforms)
  /// and four (pictures).
  private var estimate: VarianceEstimate { isWaveform ? .population : .unbiased }

  /// Returns the spatial shape of the kernel of a convolution that is not transposed.
  func window(_ geometry: ConvolutionGeometry) -> [Int] {
    isWaveform
      ? [geometry.width.kernel] : [geometry.height.kernel, geometry.width.kernel]
  }
}

// MARK: - The critic

extension Pyramid {
  /// The number of convolutions with phase shuffle, as in the reference, for any depth.
  static let shuffledLayers = 4

  /// Returns the critic: convolutions, each with LeakyReLU and, between them, phase shuffle along
  /// time; then a dense layer, with a value for each of `labels`, or one without labels.
  ///
  /// Batch normalization, if any, precedes every activation except the first. Attention, if any,
  /// follows the activation of its layer. A low-pass filter, if any, precedes phase shuffle and
  /// every convolution except the first, whose input is the clip: a filter there would hide its
  /// highest frequencies from the critic.
  func criticNetwork(labels: Int, isShuffled: Bool) -> Network {
    var builder = NetworkBuilder()
    for (level, geometry) in critic.enumerated() {
      appendReduction(level, "D/downconv_\(level)", isShuffled: isShuffled, to: &builder)
      appendAttention("D/attention", to: geometry.outputShape, of: critic, in: &builder)
    }
    appendValue(labels: labels, to: &builder)
    return builder.network
  }

  /// Appends the convolution `level` of the critic, with everything between it and the ones before
  /// and after it except attention.
  func appendReduction(
    _ level: Int, _ scope: String, isShuffled: Bool, to builder: inout NetworkBuilder
  ) {
    let geometry = critic[level]
    var affine = NetworkBuilder.Affine(
      scope: scope, operation: convolutionName, geometry: geometry, window: window(geometry))
    if isShuffled && 1...Self.shuffledLayers ~= level {
      affine.shuffle = PhaseShuffle(along: isWaveform ? .positions : .lines, index: level - 1)
    }
    if level > 0 && configuration.downsampling == .lowPass {
      builder.append(
        LowPass(
          geometry.inputShape, down: geometry.height.stride, across: geometry.width.stride,
          name: scope + "/low_pass"))
    }
    switch configuration.criticNormalization {
    case .batch where level > 0:
      builder.append(affine, normalizing: geometry.outputShape, estimate, LeakyReLU.self)
    case .batch, .spectral, .none: builder.append(affine, LeakyReLU.self)
    }
  }

  /// Appends the last layer of the critic.
  func appendValue(labels: Int, to builder: inout NetworkBuilder) {
    if labels > 0 && configuration.projection == .separate {
      builder.appendLabelProjection("D", features: featureCount, labels: labels)
    } else {
      builder.append(
        .init(
          scope: "D/output", operation: "dense",
          geometry: .init(inputs: featureCount, outputs: max(1, labels)),
          window: []), Identity.self)
    }
  }
}

extension Pyramid {
  /// Returns the positions along time of a picture or a signal of `shape`.
  private func time(_ shape: [Int]) -> Int { isWaveform ? shape[1] : shape[0] }

  /// Appends self-attention if it follows the layer of `network` with outputs of `shape`: that with
  /// as many positions along time as the configuration says, or the next smaller one, or the
  /// smallest of all.
  func appendAttention(
    _ scope: String, to shape: [Int], of network: [ConvolutionGeometry],
    in builder: inout NetworkBuilder
  ) {
    let sizes = network.dropLast().map { time($0.outputShape) }
    let size = sizes.filter { $0 <= configuration.attention }.max() ?? sizes.min()
    guard configuration.attention > 0, size == time(shape) else { return }
    builder.appendAttention(scope, shape: shape)
  }
}

// MARK: - The generator

extension Pyramid {
  /// Returns the generator: a dense layer with ReLU, then the convolutions in reverse order and
  /// transposed, the last with tanh.
  ///
  /// Batch normalization, if any, precedes every ReLU. Attention, if any, follows the ReLU of its
  /// layer.
  ///
  /// Its input is a latent and the weights of `labels`. With conditional batch normalization the
  /// dense layer reads only the first part of the latent; see ``StyleSource``.
  ///
  /// A style-based generator has a learned constant instead of the dense layer, LeakyReLU, and
  /// modulated convolutions. All but the last are demodulated and may have noise.
  func generatorNetwork(labels: Int, postFilter: Int) -> Network {
    var builder = NetworkBuilder()
    appendBeginning(labels: labels, to: &builder)
    for level in generator.indices.reversed() {
      let layer = generator.count - 1 - level
      appendEnlargement(level, "G/upconv_\(layer)", isLast: level == 0, to: &builder)
    }
    appendFilter(length: postFilter, to: &builder)
    return builder.network
  }

  /// Appends the layers before the convolutions of the generator.
  func appendBeginning(labels: Int, to builder: inout NetworkBuilder) {
    let innermost = generator[generator.count - 1].outputShape
    if configuration.generator == .styleBased {
      return builder.beginStyles(
        StyleMapping(
          latent: configuration.latent, labels: labels, embedding: configuration.embedding,
          dimension: configuration.styleDimension, depth: configuration.mappingLayers),
        constant: isWaveform ? Array(innermost.dropFirst()) : innermost, layers: generator.count,
        scope: "G")
    }
    var inputs = configuration.latent + labels
    if configuration.generatorNormalization == .conditional {
      // The last convolution of networks that grow is normalized, too.
      let source = StyleSource(
        latent: configuration.latent, labels: labels, embedding: configuration.embedding,
        layers: generator.count + (configuration.isGrowing ? 1 : 0))
      builder.beginStyles(source, scope: "G")
      inputs = source.first.count
    }
    append(
      .init(
        scope: "G/z_project", operation: "dense",
        geometry: .init(inputs: inputs, outputs: featureCount), window: []),
      shape: innermost, to: &builder)
  }

  /// Appends the layers from the outputs of convolution `level` of the generator to its inputs:
  /// to samples with tanh if `isLast`, and otherwise to features.
  func appendEnlargement(
    _ level: Int, _ scope: String, isLast: Bool, to builder: inout NetworkBuilder
  ) {
    let geometry = generator[level]
    let isStyleBased = configuration.generator == .styleBased
    if isStyleBased {
      builder.append(modulating: geometry.outputShape, isDemodulated: !isLast, scope: scope)
    }
    let affine = enlarging(geometry, scope, in: &builder)
    if isLast { return builder.append(affine, HyperbolicTangent.self) }
    if isStyleBased {
      builder.append(
        demodulated: affine, to: geometry.inputShape, hasNoise: configuration.hasNoiseInputs,
        LeakyReLU.self)
    } else {
      append(affine, shape: geometry.inputShape, to: &builder)
    }
    if level > 0 {
      appendAttention("G/attention", to: geometry.inputShape, of: generator, in: &builder)
    }
  }

  /// Appends `affine`, whose outputs have `shape`, with ReLU.
  private func append(
    _ affine: NetworkBuilder.Affine, shape: [Int], to builder: inout NetworkBuilder
  ) {
    switch configuration.generatorNormalization {
    case .batch: builder.append(affine, normalizing: shape, estimate, ReLU.self)
    case .conditional: builder.append(affine, conditioning: shape, estimate, ReLU.self)
    case .none: builder.append(affine, ReLU.self)
    }
  }

  /// Returns the layer from the outputs of `geometry` to its inputs: a transposed convolution, or a
  /// convolution after an upsampling layer, which is appended first.
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

  /// Appends the learned filter after tanh, which connects all channels of the audio; nothing for a
  /// `length` of 0.
  func appendFilter(length: Int, to builder: inout NetworkBuilder) {
    if length == 0 { return }
    let axis = ConvolutionGeometry.Axis(
      length: generator[0].width.length, kernel: length, stride: 1)
    builder.append(
      .init(
        scope: "G/pp_filt", operation: "conv1d",
        geometry: .init(length: axis, inputChannels: channels, outputChannels: channels),
        window: [length], hasBias: false), Identity.self)
  }
}

extension ConvolutionGeometry.Axis {
  /// The same positions under the same kernel, one output for each.
  fileprivate var withoutStride: Self { .init(length: length, kernel: kernel, stride: 1) }
}
