internal import CSpecGANKernels
internal import SpecGANErrors
public import SpecGANTensors

/// The buffers that a network's passes read and write, allocated once for a number of examples.
public final class Workspace: Sendable {
  /// The input, and every layer's output.
  package let values: [TensorView]
  /// Their cotangents.
  package let cotangents: [TensorView]
  /// The tangents of the input and of every layer's output, for the first examples.
  public let tangents: [TensorView]
  /// The results of ``TwiceDifferentiable/curvature(_:xTangent:x:into:_:)`` of every layer that is
  /// not piecewise linear, for the first examples.
  let curvatures: [TensorView]
  /// The input and the outputs of the style layers; empty if there are none. Those before the
  /// choice of styles have ``styleVariants`` times the examples, variant by variant.
  let styleValues: [TensorView]
  /// The cotangents of ``styleValues``; empty in a workspace for forward passes.
  let styleCotangents: [TensorView]
  /// The largest number of variants of each example's style.
  package let styleVariants: Int
  /// The memory that the passes of each layer keep; nil for a layer whose passes keep nothing.
  private let kept: [KeptMemory?]

  /// Creates buffers for the values of `examples` examples: enough for a forward pass.
  public convenience init(_ network: Network, examples: Int, engine: Engine) {
    self.init(network, examples: examples, styleVariants: 1, engine: engine)
  }

  /// Creates buffers for the values of `examples` examples, and for `styleVariants` variants of
  /// their styles: enough for a forward pass.
  package convenience init(
    _ network: Network, examples: Int, styleVariants: Int, engine: Engine
  ) {
    self.init(
      network, values: Self.places(network, examples), cotangents: [], tangents: [],
      styleVariants: styleVariants, engine)
  }

  /// Creates buffers for the values and cotangents of `examples` examples, and for the tangents of
  /// the first `tangentExamples`.
  ///
  /// Tangents of at most half of the examples share memory with the cotangents of the last
  /// `tangentExamples` examples. Compute these tangents only when these cotangents are no longer
  /// needed. Tangents of more examples have memory of their own.
  public convenience init(
    differentiating network: Network, examples: Int, tangentExamples: Int = 0, engine: Engine
  ) {
    self.init(
      differentiating: network, examples: examples, tangentExamples: tangentExamples,
      styleVariants: 1, engine: engine)
  }

  /// Creates the buffers of ``init(differentiating:examples:tangentExamples:engine:)``, for
  /// `styleVariants` variants of the examples' styles.
  package convenience init(
    differentiating network: Network, examples: Int, tangentExamples: Int = 0, styleVariants: Int,
    engine: Engine
  ) {
    require(tangentExamples <= examples, "\(tangentExamples) of \(examples) examples")
    let cotangents = Self.places(network, examples)
    self.init(
      network, values: Self.places(network, examples), cotangents: cotangents,
      tangents: 2 * tangentExamples <= examples
        ? cotangents.map { $0.examples(examples - tangentExamples..<examples) }
        : Self.places(network, tangentExamples),
      curvatures: tangentExamples == 0
        ? []
        : network.curvedLayers.map {
          Tensor(shape: [tangentExamples] + network.placeShapes[$0]).view
        }, styleVariants: styleVariants, engine)
  }

  /// Multiplies the cotangents of each of the pass's examples by one factor, in all buffers but
  /// that of the network's input.
  ///
  /// The backward pass is linear. So one pass from cotangents of 1 gives the gradient of the value
  /// itself and, after this, that of a loss with these slopes.
  ///
  /// - Parameters:
  ///   - factors: a factor for each of the pass's examples.
  ///   - pass: the pass.
  package func scaleCotangents(by factors: [Float], _ pass: Pass) {
    let examples = pass.examples
    require(factors.count == examples.count, "\(factors.count) of \(examples.count) factors")
    pass.engine.run(over: examples, by: 1) { example, _ in
      let factor = factors[example.lowerBound - examples.lowerBound]
      for place in cotangents.dropFirst() {
        let values = place.examples(example)
        unsafe specgan_scale_in_place(values.start, factor, values.count)
      }
      for case let memory? in kept {
        let values = memory.cotangents.examples(example)
        unsafe specgan_scale_in_place(values.start, factor, values.count)
      }
    }
    for case let memory? in kept {
      for branch in memory.branches { branch.scaleCotangents(by: factors, pass) }
    }
  }

  /// Creates buffers for as many examples as `output` has. The output and its cotangent are in
  /// `output` and `outputCotangent`, which another network reads and writes.
  package convenience init(
    differentiating network: Network, output: TensorView, outputCotangent: TensorView,
    styleVariants: Int = 1, engine: Engine
  ) {
    func places(before last: TensorView) -> [TensorView] {
      Self.places(network, last.length).dropLast() + [last]
    }
    self.init(
      network, values: places(before: output), cotangents: places(before: outputCotangent),
      tangents: [], styleVariants: styleVariants, engine)
  }

  private init(
    _ network: Network, values: [TensorView], cotangents: [TensorView],
    tangents: [TensorView], curvatures: [TensorView] = [], styleVariants: Int, _ engine: Engine
  ) {
    self.cotangents = cotangents
    self.tangents = tangents
    self.curvatures = curvatures
    self.styleVariants = styleVariants
    let examples = values[0].length
    let styles = Self.stylePlaces(network, examples, styleVariants)
    styleValues = styles
    styleCotangents =
      styles.isEmpty || cotangents.isEmpty
      ? [] : Self.stylePlaces(network, examples, styleVariants)
    // The network's input shares memory with the input of the first variant.
    self.values = styles.isEmpty ? values : [styles[0].examples(0..<examples)] + values.dropFirst()
    kept = network.layers.map {
      KeptMemory(
        $0, examples: examples, cotangents: cotangents.first?.length ?? 0,
        tangents: tangents.first?.length ?? 0, on: engine)
    }
    for layer in network.layers + network.styleLayers { layer.reserveScratch(on: engine) }
  }

  /// Returns `pass` with the styles of the examples in this workspace, if the network has any.
  func withStyles(_ pass: Pass) -> Pass {
    guard let values = styleValues.last else { return pass }
    var pass = pass
    pass.styles = Styles(values, cotangents: styleCotangents.last)
    return pass
  }

  private static func places(_ network: Network, _ examples: Int) -> [TensorView] {
    network.placeShapes.map { Tensor(shape: [examples] + $0).view }
  }

  /// Returns buffers for the input and the outputs of the style layers; empty without style layers.
  private static func stylePlaces(
    _ network: Network, _ examples: Int, _ variants: Int
  ) -> [TensorView] {
    let shapes = network.stylePlaceShapes
    if shapes.isEmpty { return [] }
    return ([network.inputShape] + shapes).enumerated().map { index, shape in
      let count = index <= network.mappingCount ? variants * examples : examples
      return Tensor(shape: [count] + shape).view
    }
  }

  /// Returns `pass` with the memory of what the passes of the layer `index` keep.
  func pass(_ pass: Pass, layer index: Int) -> Pass {
    guard let memory = kept[index] else { return pass }
    var pass = pass
    pass.kept = memory
    return pass
  }

  /// The input.
  public var input: TensorView { values[0] }
  /// Returns the input of the variant `variant` of the styles, `[examples, inputs]`.
  package func input(ofVariant variant: Int) -> TensorView {
    if variant == 0 { return input }
    let count = input.length
    return styleValues[0].examples(variant * count..<(variant + 1) * count)
  }
  /// The styles of all examples, `[examples, columns]`, after a forward pass of a network that has
  /// any; nil for others.
  package var styles: TensorView? { styleValues.last }
  /// The results of ``Network/forwardMapping(_:_:)``: the styles of each example, variant by
  /// variant.
  package func mappedStyles(of network: Network) -> TensorView {
    styleValues[network.mappingCount]
  }
  /// The output.
  public var output: TensorView { values[values.count - 1] }
  /// The cotangent of the input, a result of the backward pass.
  public var inputCotangent: TensorView { cotangents[0] }
  /// The cotangent of the output: the loss's slopes, written before the backward pass.
  public var outputCotangent: TensorView { cotangents[cotangents.count - 1] }
}
