public import SpecGANConvolutions
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
  private var layers: [any Layer] = []
  private var layout = ParameterLayout()
  private var statistics = ParameterLayout()

  /// A builder without layers.
  public init() {}

  /// The network of the layers so far.
  ///
  /// - Precondition: there is at least one, and each takes as many values as the one before gives.
  public var network: Network { Network(layers, layout: layout, statistics: statistics) }

  /// A convolution, or a dense map, with the names and shapes of its parameters: the kernel is
  /// called `scope/operation/kernel`.
  public struct Affine: Sendable {
    /// The layer's name, such as `G/z_project`.
    public let scope: String
    /// The kind of layer, such as `dense`.
    public let operation: String
    /// The sizes.
    public let geometry: ConvolutionGeometry
    /// Which way the kernel is used.
    public var direction: ConvolutionDirection
    /// The kernel's shape before its channels.
    public let window: [Int]
    /// Whether a bias is added.
    public var hasBias: Bool
    /// The shift of the layer's input; nil for none.
    public var shuffle: PhaseShuffle?

    /// A layer of `geometry`.
    public init(
      scope: String, operation: String, geometry: ConvolutionGeometry,
      direction: ConvolutionDirection = .convolution, window: [Int], hasBias: Bool = true,
      shuffle: PhaseShuffle? = nil
    ) {
      (self.scope, self.operation, self.geometry) = (scope, operation, geometry)
      (self.direction, self.window) = (direction, window)
      (self.hasBias, self.shuffle) = (hasBias, shuffle)
    }
  }

  /// Appends a dense layer of `outputs` sums of `inputs` values, with `activation`.
  public mutating func appendDense<Function: Activation>(
    _ name: String, inputs: Int, outputs: Int, _ activation: Function.Type
  ) {
    append(
      Affine(
        scope: name, operation: "dense", geometry: .init(inputs: inputs, outputs: outputs),
        window: []), activation)
  }

  /// Appends `affine` with `activation`.
  public mutating func append<Function: Activation>(_ affine: Affine, _ activation: Function.Type) {
    let name = "\(affine.scope)/\(affine.operation)"
    let geometry = affine.geometry
    let kernel = layout.append(
      name + "/kernel", shape: affine.window + [geometry.inputChannels, geometry.outputChannels])
    let channels =
      affine.direction == .convolution ? geometry.outputChannels : geometry.inputChannels
    layers.append(
      AffineLayer<Function>(
        geometry, affine.direction, shuffle: affine.shuffle, kernel: kernel,
        bias: affine.hasBias ? layout.append(name + "/bias", shape: [channels]) : nil))
  }

  /// Appends `affine`, batch normalisation of its outputs as pictures of `shape`, and `activation`.
  ///
  /// The bias stays, as in the published code, although the mean takes it away again.
  public mutating func append<Function: Activation>(
    _ affine: Affine, normalizing shape: [Int], _ estimate: VarianceEstimate,
    _ activation: Function.Type
  ) {
    append(affine, Identity.self)
    layers.append(
      BatchNormalization<Function>(
        shape: shape, estimate: estimate, name: affine.scope + "/batch_normalization", in: &layout,
        statistics: &statistics))
  }

  /// Appends batch normalisation of examples of `shape`, channel by channel.
  public mutating func append(normalizing shape: [Int], _ estimate: VarianceEstimate, scope: String)
  {
    layers.append(
      BatchNormalization<Identity>(
        shape: shape, estimate: estimate, name: scope + "/batch_normalization", in: &layout,
        statistics: &statistics))
  }

  /// Appends a layer without parameters.
  public mutating func append(_ layer: some Layer) { layers.append(layer) }

  /// The number of layers.
  public var count: Int { layers.count }
}
