internal import SpecGANConvolutions
internal import SpecGANErrors
internal import SpecGANTensors

/// The style layers of a network under construction.
struct StylesUnderConstruction {
  /// The scope of the network, such as `G`.
  let scope: String
  /// The elements of the input from which each layer's styles are computed, in addition to the
  /// shared ones.
  let chunks: [Range<Int>]
  /// The number of shared elements.
  let shared: Int
  /// The layers before the projections.
  var layers: [any Layer] = []
  /// The projections.
  var parts: [StyleProjections.Part] = []
  /// The number of layers with styles so far.
  var layerCount = 0
  /// Whether the last modulation needs a demodulation that was not appended yet.
  var needsDemodulation = false
  /// The number of positions of the layers with noise so far.
  var noisePositions = 0

  /// All style layers.
  var allLayers: [any Layer] {
    require(
      layerCount == chunks.count, "\(layerCount) layers with styles, not \(chunks.count)")
    require(!needsDemodulation, "the last modulation has no demodulation")
    return layers + [
      StyleProjections(
        parts, divided: chunks.last?.upperBound ?? 0, shared: shared, name: scope + "/styles")
    ]
  }

  /// Adds a projection of the chunk of the next layer to `count` columns.
  mutating func append(
    _ name: String, columns count: Int, hasBias: Bool, in layout: inout ParameterLayout
  ) -> StyleColumns {
    let chunk = chunks[layerCount]
    let columns = StyleColumns(
      first: parts.last.map { $0.columns.first + $0.columns.count } ?? 0, count: count)
    parts.append(
      .init(
        chunk: chunk,
        kernel: layout.append(name + "/kernel", shape: [chunk.count + shared, count]),
        bias: hasBias ? layout.append(name + "/bias", shape: [count]) : nil, columns: columns))
    return columns
  }
}

// MARK: - Conditional batch normalization

extension NetworkBuilder {
  /// Begins a network with styles from `source`: appends the selection of the first part of the
  /// latent, and the embedding of labels, if there are any, with a kernel under `scope`.
  package mutating func beginStyles(_ source: StyleSource, scope: String) {
    require(layers.isEmpty, "call beginStyles before any layer is appended")
    var styles = StylesUnderConstruction(
      scope: scope, chunks: (0..<source.layers).map(source.chunk), shared: source.embedding)
    layers.append(
      LatentChunk(source.first, of: source.latent + source.labels, name: scope + "/z_chunk"))
    if source.labels > 0 {
      styles.layers.append(
        LabelEmbedding(
          latent: source.latent, labels: source.labels, embedding: source.embedding,
          name: scope + "/embedding", in: &layout))
    }
    self.styles = styles
  }

  /// Appends `affine`, conditional batch normalization of its outputs as pictures of `shape`, and
  /// `activation`.
  ///
  /// - Precondition: ``beginStyles(_:scope:)`` was called, for as many layers as have styles.
  package mutating func append<Function: Activation>(
    _ affine: Affine, conditioning shape: [Int], _ estimate: VarianceEstimate,
    _ activation: Function.Type
  ) {
    guard var styles else { trap("\(affine.scope) needs beginStyles first") }
    append(affine, Identity.self)
    let moments = BatchMoments(
      of: shape, estimate, name: affine.scope + "/batch_normalization", in: &statistics)
    let columns = ["gain", "bias"].map { name in
      styles.append(
        "\(moments.name)/\(name)", columns: moments.channels, hasBias: false, in: &layout)
    }
    styles.layerCount += 1
    self.styles = styles
    layers.append(
      ConditionalBatchNormalization<Function>(moments, gains: columns[0], offsets: columns[1]))
  }
}

// MARK: - Style-based generators

/// The mapping network of a style-based generator: from a latent and the weights of labels to a
/// style.
package struct StyleMapping: Equatable, Sendable {
  /// The number of elements of a latent.
  package let latent: Int
  /// The number of labels; 0 for none.
  package let labels: Int
  /// The number of elements of the embedding of a label; unused without labels.
  package let embedding: Int
  /// The number of elements of a style.
  package let dimension: Int
  /// The number of dense layers.
  package let depth: Int

  /// Creates a mapping.
  package init(latent: Int, labels: Int, embedding: Int, dimension: Int, depth: Int) {
    (self.latent, self.labels, self.embedding) = (latent, labels, embedding)
    (self.dimension, self.depth) = (dimension, depth)
  }
}

extension NetworkBuilder {
  /// Begins a style-based generator: appends a learned constant of `shape`, and the layers that map
  /// the network's input to the styles of `layers` layers.
  ///
  /// Source: Karras, Laine and Aila, "A Style-Based Generator Architecture for Generative
  /// Adversarial Networks", CVPR 2019, section 2.
  package mutating func beginStyles(
    _ mapping: StyleMapping, constant shape: [Int], layers count: Int, scope: String
  ) {
    require(layers.isEmpty, "call beginStyles before any layer is appended")
    let dimension = mapping.dimension
    var styles = StylesUnderConstruction(
      scope: scope, chunks: (0..<count).map { $0 * dimension..<($0 + 1) * dimension }, shared: 0)
    var parts = [mapping.latent]
    if mapping.labels > 0 {
      styles.layers.append(
        LabelEmbedding(
          latent: mapping.latent, labels: mapping.labels, embedding: mapping.embedding,
          name: scope + "/embedding", in: &layout))
      parts.append(mapping.embedding)
    }
    styles.layers.append(LatentNormalization(parts, name: scope + "/z_normalization"))
    for index in 0..<mapping.depth {
      let inputs = index == 0 ? parts.reduce(0, +) : dimension
      let dense = Affine(
        scope: "\(scope)/mapping_\(index)", operation: "dense",
        geometry: .init(inputs: inputs, outputs: dimension), window: [])
      styles.layers.append(layer(dense, LeakyReLU.self, role: .mapping))
    }
    styles.layers.append(
      StyleChoice(dimension: dimension, layers: count, name: scope + "/style_choice"))
    self.styles = styles
    layers.append(
      ConstantInput(
        shape, inputs: mapping.latent + mapping.labels, name: scope + "/constant", in: &layout))
  }

  /// Appends the modulation of the next layer: scales for the channels of `shape`, from its style.
  /// Append resizing next, if any, then ``append(demodulated:to:hasNoise:_:)`` or, without
  /// demodulation, the convolution.
  ///
  /// - Precondition: ``beginStyles(_:constant:layers:scope:)`` was called.
  package mutating func append(
    modulating shape: [Int], isDemodulated: Bool, scope: String
  ) {
    guard var styles else { trap("\(scope) needs beginStyles first") }
    let scales = styles.append(
      scope + "/style", columns: shape[shape.count - 1], hasBias: true, in: &layout)
    require(!styles.needsDemodulation, "the modulation before \(scope) has no demodulation")
    styles.layerCount += 1
    styles.needsDemodulation = isDemodulated
    self.styles = styles
    layers.append(
      Modulation(shape, scales: scales, isDemodulated: isDemodulated, name: scope + "/style"))
  }

  /// Appends `affine` without its bias, then its demodulation, noise if `hasNoise`, the bias, and
  /// `activation`. `shape` is that of the outputs as pictures or signals.
  ///
  /// - Precondition: ``append(modulating:isDemodulated:scope:)`` was called.
  package mutating func append<Function: Activation>(
    demodulated affine: Affine, to shape: [Int], hasNoise: Bool, _ activation: Function.Type
  ) {
    guard var styles, styles.needsDemodulation, let scales = styles.parts.last?.columns else {
      trap("\(affine.scope) has no modulation that needs demodulation")
    }
    styles.needsDemodulation = false
    var unbiased = affine
    unbiased.hasBias = false
    let convolution = layer(unbiased, Identity.self)
    layers.append(convolution)
    let bias = layout.append(affine.name + "/bias", shape: [affine.channels])
    var noise: Demodulation<Function>.Noise?
    if hasNoise {
      noise = .init(
        strength: layout.append(affine.scope + "/noise/strength", shape: [1]),
        offset: styles.noisePositions)
      styles.noisePositions += shape.dropLast().reduce(1, *)
    }
    self.styles = styles
    let strides = affine.geometry.height.stride * affine.geometry.width.stride
    layers.append(
      Demodulation<Function>(
        shape, kernel: convolution.kernel, affine.direction,
        enlargement: affine.direction == .transposed ? strides : 1, scales: scales, bias: bias,
        noise: noise, name: affine.scope + "/demodulation"))
  }
}
