internal import Networks
internal import SpecGANConvolutions

/// A network in the making: layers, appended one by one, and where their numbers lie.
struct NetworkBuilder {
  private var layers: [any Layer] = []
  private var layout = ParameterLayout()
  private var statistics = ParameterLayout()

  /// The network of what was appended.
  var network: Network { Network(layers, layout: layout, statistics: statistics) }

  /// A layer of `geometry` as the published code names and shapes its parameters.
  struct Affine {
    /// Such as `G/z_project`.
    let scope: String
    /// Such as `dense`.
    let operation: String
    let geometry: ConvolutionGeometry
    var direction = ConvolutionDirection.convolution
    /// The kernel's shape before its channels.
    let window: [Int]
    var hasBias = true
    var shuffle: PhaseShuffle?
  }

  /// Appends `affine` with `activation`.
  mutating func append<Function: Activation>(_ affine: Affine, _ activation: Function.Type) {
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
  mutating func append<Function: Activation>(
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
  mutating func append(normalizing shape: [Int], _ estimate: VarianceEstimate, scope: String) {
    layers.append(
      BatchNormalization<Identity>(
        shape: shape, estimate: estimate, name: scope + "/batch_normalization", in: &layout,
        statistics: &statistics))
  }

  /// Appends a layer without parameters.
  mutating func append(_ layer: some Layer) { layers.append(layer) }

  /// How many layers there are.
  var count: Int { layers.count }
}
