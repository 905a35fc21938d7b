package import SpecGANConvolutions
internal import SpecGANErrors
internal import SpecGANTensors

/// A network under construction: layers, appended one by one, and the layout of their parameters.
///
/// ```swift
/// var builder = NetworkBuilder()
/// builder.appendDense("hidden", inputs: 2, outputs: 16, LeakyReLU.self)
/// builder.appendDense("output", inputs: 16, outputs: 1, Identity.self)
/// let network = builder.network
/// let weights = Parameters(glorotUniform: network.layout, seed: 1)
/// ```
public struct NetworkBuilder: Sendable {
  var layers: [any Layer] = []
  var layout = ParameterLayout()
  var statistics = ParameterLayout()
  private var dropoutCount = 0
  /// The style layers; nil if there are none.
  var styles: StylesUnderConstruction?

  /// Creates a builder without layers.
  public init() {}

  /// The network of the layers so far.
  ///
  /// - Precondition: There is at least one, and the input of each has as many values as the output
  ///   of the one before.
  public var network: Network { network(layers) }

  /// Appends a dense layer of `outputs` sums of `inputs` values, with `activation`.
  public mutating func appendDense<Function: Activation>(
    _ name: String, inputs: Int, outputs: Int, _ activation: Function.Type
  ) {
    append(
      Affine(
        scope: name, operation: "dense", geometry: .init(inputs: inputs, outputs: outputs),
        window: []), activation)
  }

  /// Appends a convolution of a picture, with zeros beyond its edges, and `activation`.
  ///
  /// The output is `[⌈height / stride⌉, ⌈width / stride⌉, channels]`. A signal of one dimension is
  /// a picture of height 1.
  ///
  /// - Parameters:
  ///   - name: the layer's name, such as `D/downconv_0`.
  ///   - input: the shape of an example, `[height, width, channels]`.
  ///   - channels: the number of output channels.
  ///   - kernel: the kernel's height and width, in positions.
  ///   - stride: the distance of two outputs down and across, in positions of the input.
  ///   - activation: the function of the sums.
  public mutating func appendConvolution<Function: Activation>(
    _ name: String, input: [Int], channels: Int, kernel: [Int], stride: [Int] = [1, 1],
    _ activation: Function.Type
  ) {
    requirePicture(input, kernel, stride)
    let geometry = ConvolutionGeometry(
      height: .init(length: input[0], kernel: kernel[0], stride: stride[0]),
      width: .init(length: input[1], kernel: kernel[1], stride: stride[1]),
      inputChannels: input[2], outputChannels: channels)
    append(
      Affine(scope: name, operation: "conv2d", geometry: geometry, window: kernel), activation)
  }

  /// Appends a transposed convolution, which enlarges a picture `stride` times, and `activation`.
  ///
  /// The output is `[height · stride, width · stride, channels]`.
  ///
  /// - Parameters:
  ///   - name: the layer's name, such as `G/upconv_0`.
  ///   - input: the shape of an example, `[height, width, channels]`.
  ///   - channels: the number of output channels.
  ///   - kernel: the kernel's height and width, in positions of the output.
  ///   - stride: the enlargement down and across.
  ///   - activation: the function of the sums.
  public mutating func appendTransposedConvolution<Function: Activation>(
    _ name: String, input: [Int], channels: Int, kernel: [Int], stride: [Int],
    _ activation: Function.Type
  ) {
    requirePicture(input, kernel, stride)
    let geometry = ConvolutionGeometry(
      height: .init(length: input[0] * stride[0], kernel: kernel[0], stride: stride[0]),
      width: .init(length: input[1] * stride[1], kernel: kernel[1], stride: stride[1]),
      inputChannels: channels, outputChannels: input[2])
    append(
      Affine(
        scope: name, operation: "conv2d_transpose", geometry: geometry, direction: .transposed,
        window: kernel), activation)
  }

  /// Appends batch normalization of pictures or signals of `shape`, channel by channel.
  public mutating func appendBatchNormalization(_ name: String, shape: [Int]) {
    append(normalizing: shape, .population, scope: name)
  }

  /// Appends dropout of `rate` of the values of `shape`, which acts if ``Pass/dropout`` has draws.
  /// Every dropout layer has its own draws.
  ///
  /// - Parameters:
  ///   - name: the layer's name.
  ///   - shape: the shape of an example.
  ///   - rate: the share of the values that become zeros, in `[0, 1)`.
  public mutating func appendDropout(_ name: String, shape: [Int], rate: Float) {
    append(Dropout(shape, rate: rate, index: dropoutCount, name: name))
    dropoutCount += 1
  }

  /// Appends max pooling of `[height, width, channels]` in windows that do not overlap.
  ///
  /// - Parameters:
  ///   - name: the layer's name.
  ///   - input: the shape of an example, whose height and width are multiples of the window.
  ///   - window: the window's height and width, in positions.
  public mutating func appendMaxPooling(_ name: String, input: [Int], window: [Int] = [2, 2]) {
    requirePicture(input, window, window)
    append(MaxPooling(input, down: window[0], across: window[1], name: name))
  }

  /// Appends self-attention to a picture of `shape`, `[height, width, channels]`, which it keeps.
  ///
  /// - Parameters:
  ///   - scope: the layer's name, the beginning of its parameters' names, such as `D/attention`.
  ///   - shape: the shape of an example, whose height and width are even; or, of a signal with a
  ///     height of 1, whose width is a multiple of 4.
  public mutating func appendAttention(_ scope: String, shape: [Int]) {
    layers.append(Attention(AttentionSizes(shape), scope: scope, in: &layout))
  }

  private func requirePicture(_ input: [Int], _ kernel: [Int], _ stride: [Int]) {
    require(
      input.count == 3 && kernel.count == 2 && stride.count == 2,
      """
      input \(input) must be [height, width, channels], kernel \(kernel) and stride \(stride) \
      [down, across]
      """
    )
  }

  /// Appends a layer without parameters.
  public mutating func append(_ layer: some Layer) { layers.append(layer) }

  /// A convolution, or a dense map, with the names and shapes of its parameters: the kernel is
  /// called `scope/operation/kernel`.
  package struct Affine: Sendable {
    /// The layer's name, such as `G/z_project`.
    package let scope: String
    /// The kind of layer, such as `dense`.
    package let operation: String
    /// The sizes.
    package let geometry: ConvolutionGeometry
    /// The direction in which the kernel is used.
    package var direction: ConvolutionDirection
    /// The kernel's shape before its channels.
    package let window: [Int]
    /// Whether a bias is added.
    package var hasBias: Bool
    /// The shift of the layer's input; nil for none.
    package var shuffle: PhaseShuffle?

    /// Creates a layer of `geometry`.
    package init(
      scope: String, operation: String, geometry: ConvolutionGeometry,
      direction: ConvolutionDirection = .convolution, window: [Int], hasBias: Bool = true,
      shuffle: PhaseShuffle? = nil
    ) {
      (self.scope, self.operation, self.geometry) = (scope, operation, geometry)
      (self.direction, self.window) = (direction, window)
      (self.hasBias, self.shuffle) = (hasBias, shuffle)
    }

    /// The beginning of the parameters' names.
    var name: String { "\(scope)/\(operation)" }
    /// The kernel's shape.
    var kernelShape: [Int] { window + [geometry.inputChannels, geometry.outputChannels] }
    /// The number of channels of the layer's output.
    var channels: Int {
      direction == .convolution ? geometry.outputChannels : geometry.inputChannels
    }
  }

  /// Appends `affine` with `activation`.
  package mutating func append<Function: Activation>(_ affine: Affine, _ activation: Function.Type)
  {
    layers.append(layer(affine, activation))
  }

  /// Returns `affine` with `activation`, and appends its parameters with `role` to the layout.
  package mutating func layer<Function: Activation>(
    _ affine: Affine, _ activation: Function.Type, role: ParameterLayout.Role = .layer
  ) -> AffineLayer<Function> {
    let kernel = layout.append(affine.name + "/kernel", shape: affine.kernelShape, role: role)
    return AffineLayer<Function>(
      affine.geometry, affine.direction, shuffle: affine.shuffle, kernel: kernel,
      bias: affine.hasBias
        ? layout.append(affine.name + "/bias", shape: [affine.channels], role: role) : nil)
  }

  /// Appends `affine`, batch normalization of its outputs as pictures of `shape`, and `activation`.
  ///
  /// The bias is kept, as in the reference implementation, although the normalization subtracts it
  /// again.
  package mutating func append<Function: Activation>(
    _ affine: Affine, normalizing shape: [Int], _ estimate: VarianceEstimate,
    _ activation: Function.Type
  ) {
    append(affine, Identity.self)
    layers.append(
      BatchNormalization<Function>(
        shape: shape, estimate: estimate, name: affine.scope + "/batch_normalization", in: &layout,
        statistics: &statistics))
  }

  /// Appends the last layer of a critic with `labels`, whose value for a label is the sum of one
  /// for all labels and one for the label; see ``LabelProjection``.
  package mutating func appendLabelProjection(_ scope: String, features: Int, labels: Int) {
    layers.append(
      LabelProjection(
        features: features, labels: labels, name: scope + "/output",
        embeddingName: scope + "/embedding", in: &layout))
  }

  /// Appends batch normalization of examples of `shape`, channel by channel.
  package mutating func append(
    normalizing shape: [Int], _ estimate: VarianceEstimate, scope: String
  ) {
    layers.append(
      BatchNormalization<Identity>(
        shape: shape, estimate: estimate, name: scope + "/batch_normalization", in: &layout,
        statistics: &statistics))
  }

  /// The number of layers.
  package var count: Int { layers.count }
}

// MARK: - Parts

extension NetworkBuilder {
  /// The level of progressive growing of the parameters that are appended next.
  package var level: Int {
    get { layout.level }
    set { layout.level = newValue }
  }

  /// Calls `body`, and returns the layers that it has appended, which are then no longer a part of
  /// the sequence under construction. Their parameters stay in the layout.
  package mutating func takeLayers(
    _ body: (inout NetworkBuilder) -> Void
  ) -> [any Layer] {
    let first = layers.count
    body(&self)
    defer { layers.removeSubrange(first...) }
    return Array(layers[first...])
  }

  /// Returns a network of `path`, with the style layers and the parameters so far.
  package func network(_ path: [any Layer]) -> Network {
    Network(path, styles: styles?.allLayers ?? [], layout: layout, statistics: statistics)
  }

  /// Returns a branch of `path`, with the parameters so far.
  package func branch(_ path: [any Layer]) -> Network {
    Network(path, layout: layout, statistics: statistics)
  }
}
