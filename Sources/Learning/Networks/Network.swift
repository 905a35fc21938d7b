// SpecGANTensors is exported because building a network takes tensors and an engine.
internal import CSpecGANKernels
internal import SpecGANErrors

@_exported public import SpecGANTensors

/// A sequence of layers, and the layout of their parameters.
///
/// A network can have style layers beside its main path, which also read its input. The output of
/// the last of them is the styles of each example, which layers along the main path read.
public struct Network: Sendable {
  /// The layers, from the input to the output.
  public private(set) var layers: [any Layer]
  /// The style layers, from the input to the styles; empty if there are none.
  public let styleLayers: [any Layer]
  /// The layout of the parameters.
  public let layout: ParameterLayout
  /// The layout of the moving statistics, which change without a gradient.
  public let statistics: ParameterLayout

  /// Creates a network of `layers`, with the style layers `styles` beside them.
  ///
  /// - Precondition: The input of each layer has as many elements as the output of the one before,
  ///   and that of the first style layer as many as that of the first layer.
  public init(
    _ layers: [any Layer], styles: [any Layer] = [], layout: ParameterLayout,
    statistics: ParameterLayout = .init()
  ) {
    require(!layers.isEmpty, "a network has at least one layer")
    for path in [layers, styles] {
      for (index, (layer, next)) in zip(path, path.dropFirst()).enumerated() {
        require(
          layer.outputShape.reduce(1, *) == next.inputShape.reduce(1, *),
          "layer \(index) gives \(layer.outputShape), the next one takes \(next.inputShape)")
      }
    }
    if let first = styles.first {
      require(
        first.inputShape.reduce(1, *) == layers[0].inputShape.reduce(1, *),
        "styles are computed from \(first.inputShape), the input is \(layers[0].inputShape)")
    }
    self.layers = layers
    styleLayers = styles
    self.layout = layout
    self.statistics = statistics
  }

  /// Returns this network with another weight of the new branches in all blends.
  package func blending(weight: Float) -> Network {
    var copy = self
    copy.layers = layers.map { ($0 as? any BranchedLayer)?.blending(weight: weight) ?? $0 }
    return copy
  }

  /// The shape of one example's input.
  public var inputShape: [Int] { layers[0].inputShape }
  /// The shape of one example's output.
  public var outputShape: [Int] { layers[layers.count - 1].outputShape }
  /// The number of multiply-adds for one example's output.
  package var multiplyAdds: Int {
    (layers + styleLayers).reduce(0) { $0 + $1.multiplyAdds }
  }
  /// The number of values of one example in the input and all layers' outputs, with one variant of
  /// its style.
  package var placeCount: Int {
    (placeShapes + stylePlaceShapes).reduce(0) { $0 + $1.reduce(1, *) }
  }
  /// The number of values of one example in the input and the outputs of the mapping network.
  package var mappingPlaceCount: Int {
    ([inputShape] + stylePlaceShapes.prefix(mappingCount)).reduce(0) { $0 + $1.reduce(1, *) }
  }
  /// The number of values of one example in the inputs of all layers that are not piecewise linear.
  package var curvedCount: Int {
    curvedLayers.reduce(0) { $0 + placeShapes[$1].reduce(1, *) }
  }
  /// The numbers of elements that all layers' passes keep for later ones.
  package var keptCounts: KeptCounts {
    layers.map(\.keptCounts).reduce(into: KeptCounts()) { $0.add($1) }
  }
  /// The shapes of the input and all layers' outputs.
  var placeShapes: [[Int]] { [inputShape] + layers.map(\.outputShape) }
  /// The number of style layers before the choice of styles, which run for each variant of them.
  package var mappingCount: Int { styleLayers.firstIndex { $0 is StyleChoice } ?? 0 }
  /// The shapes of the outputs of all style layers.
  var stylePlaceShapes: [[Int]] { styleLayers.map(\.outputShape) }

  /// Computes the output of every layer from the input of `workspace`.
  public func forward(_ workspace: Workspace, _ pass: Pass) {
    forwardStyles(0..<styleLayers.count, workspace, pass)
    let pass = workspace.withStyles(pass)
    for (index, layer) in layers.enumerated() {
      pass.timed(layer, .forward) {
        layer.forward(
          workspace.values[index], into: workspace.values[index + 1],
          workspace.pass(pass, layer: index))
      }
    }
  }

  /// Runs the mapping network; its results are ``Workspace/mappedStyles(of:)``.
  package func forwardMapping(_ workspace: Workspace, _ pass: Pass) {
    forwardStyles(0..<mappingCount, workspace, pass)
  }

  private func forwardStyles(_ indices: Range<Int>, _ workspace: Workspace, _ pass: Pass) {
    let values = workspace.styleValues
    for index in indices {
      let layer = styleLayers[index]
      forEachVariant(of: index, workspace, pass) { pass in
        pass.timed(layer, .forward) { layer.forward(values[index], into: values[index + 1], pass) }
      }
    }
  }

  /// Calls `body` for each variant that style layer `index` computes: all of ``Pass/mixing`` in the
  /// mapping network, one after it.
  private func forEachVariant(
    of index: Int, _ workspace: Workspace, _ pass: Pass, _ body: (Pass) -> Void
  ) {
    let count = index < mappingCount ? pass.mixing?.variants ?? 1 : 1
    require(
      count <= workspace.styleVariants,
      "\(count) variants of styles do not fit into a workspace for \(workspace.styleVariants)")
    for variant in 0..<count { body(pass.shifted(to: variant, of: workspace.input.length)) }
  }

  /// Computes the cotangent of every layer's input from the output's cotangent in `workspace`.
  ///
  /// The cotangent of the network's input is computed only if `reachingInput`.
  ///
  /// - Precondition: there is no style mixing if `reachingInput`.
  public func backward(_ workspace: Workspace, reachingInput: Bool, _ pass: Pass) {
    let stylePass = pass
    let pass = workspace.withStyles(pass)
    for index in layers.indices.reversed() {
      backward(layer: index, workspace, reachingInput: index > 0 || reachingInput, pass)
    }
    if !styleLayers.isEmpty { backwardStyles(workspace, reachingInput: reachingInput, stylePass) }
  }

  /// Computes the cotangents of the style layers from that of the styles, and adds that of their
  /// input to the cotangent of the network's input if `reachingInput`.
  private func backwardStyles(_ workspace: Workspace, reachingInput: Bool, _ pass: Pass) {
    let (values, cotangents) = (workspace.styleValues, workspace.styleCotangents)
    for (index, layer) in styleLayers.enumerated().reversed() {
      let target = index > 0 || reachingInput ? cotangents[index] : nil
      forEachVariant(of: index, workspace, pass) { pass in
        pass.timed(layer, .backward, isProduct: target != nil) {
          layer.backward(
            cotangents[index + 1], x: values[index], y: values[index + 1], into: target, pass)
        }
      }
    }
    guard reachingInput else { return }
    require(pass.mixing == nil, "the cotangents of the inputs of several styles are not added up")
    for example in pass.examples {
      let source = cotangents[0].examples(example..<example + 1)
      let target = workspace.inputCotangent.examples(example..<example + 1)
      unsafe specgan_add(source.start, source.count, target.start)
    }
  }

  /// Computes the cotangent of the input of layer `index` if `reachingInput`.
  fileprivate func backward(
    layer index: Int, _ workspace: Workspace, reachingInput: Bool, _ pass: Pass
  ) {
    let target = reachingInput ? workspace.cotangents[index] : nil
    pass.timed(layers[index], .backward, isProduct: reachingInput) {
      layers[index].backward(
        workspace.cotangents[index + 1], x: workspace.values[index],
        y: workspace.values[index + 1], into: target, workspace.pass(pass, layer: index))
    }
  }

  /// Computes the tangent of every layer's output from the input's tangent in `workspace`.
  ///
  /// - Precondition: the network has no style layers.
  public func tangent(_ workspace: Workspace, _ pass: Pass) {
    require(styleLayers.isEmpty, "a network with style layers has no tangent pass")
    for (index, layer) in layers.enumerated() {
      pass.timed(layer, .tangent) {
        layer.tangent(
          workspace.tangents[index], x: workspace.values[index], y: workspace.values[index + 1],
          into: workspace.tangents[index + 1], workspace.pass(pass, layer: index))
      }
    }
  }

  /// Adds the gradient of `⟨ȳ, f(x; θ)⟩` with respect to `θ`, after
  /// ``backward(_:reachingInput:_:)``.
  public func accumulateGradient(
    _ workspace: Workspace, into gradient: Parameters, _ pass: Pass
  ) {
    accumulateGradient(
      workspace, layers: layers.indices, into: gradient, workspace.withStyles(pass))
    for (index, layer) in styleLayers.enumerated() {
      forEachVariant(of: index, workspace, pass) { pass in
        pass.timed(layer, .gradient) {
          layer.accumulateGradient(
            x: workspace.styleValues[index], yCotangent: workspace.styleCotangents[index + 1],
            includingBias: true, into: gradient, pass)
        }
      }
    }
  }

  fileprivate func accumulateGradient(
    _ workspace: Workspace, layers range: Range<Int>, into gradient: Parameters, _ pass: Pass
  ) {
    for index in range {
      let layer = layers[index]
      pass.timed(layer, .gradient) {
        layer.accumulateGradient(
          x: workspace.values[index], yCotangent: workspace.cotangents[index + 1],
          includingBias: true, into: gradient, workspace.pass(pass, layer: index))
      }
    }
  }
}

/// A network whose gradient with respect to its input can be differentiated, so that it can be part
/// of a loss.
///
/// Piecewise linear layers need no second derivative. For each other layer, such as attention, the
/// gradient of its tangent with respect to its input is computed, its curvature. The layers before
/// it propagate that by their ordinary backward pass.
public struct TwiceDifferentiableNetwork: Sendable {
  /// The network.
  public let network: Network
  private let layers: [any TwiceDifferentiable]
  /// The indices of the layers that are not piecewise linear.
  private let curved: [Int]

  /// Creates a twice differentiable network; nil if a layer of `network` is not
  /// ``TwiceDifferentiable``, or if it has style layers.
  public init?(_ network: Network) {
    layers = network.layers.compactMap { $0 as? any TwiceDifferentiable }
    guard layers.count == network.layers.count, network.styleLayers.isEmpty else { return nil }
    self.network = network
    curved = network.curvedLayers
  }

  /// Whether any layer is not piecewise linear.
  public var isCurved: Bool { !curved.isEmpty }

  /// Computes the gradient of `⟨ȳ, J·ẋ⟩` of each curved layer with respect to its own input, after
  /// ``Network/backward(_:reachingInput:_:)`` from `ȳ` and ``Network/tangent(_:_:)`` from `ẋ`.
  ///
  /// - Precondition: `workspace` has tangents for the pass's examples.
  public func findCurvature(_ workspace: Workspace, _ pass: Pass) {
    requireCurvatures(workspace)
    for (index, target) in zip(curved, workspace.curvatures) {
      pass.timed(layers[index], .curvature) {
        layers[index].curvature(
          workspace.cotangents[index + 1], xTangent: workspace.tangents[index],
          x: workspace.values[index], into: target, workspace.pass(pass, layer: index))
      }
    }
  }

  /// Adds the gradient of `⟨ȳ, J·ẋ⟩` with respect to `θ` at constant values of the layers' inputs,
  /// after ``findCurvature(_:_:)``.
  ///
  /// It is the complete gradient of a piecewise linear network, because `∂J/∂x = 0` wherever `J`
  /// exists. If ``isCurved``, the gradient has a second part, through these values: call
  /// ``pullBackCurvature(_:_:)`` and ``accumulateCurvatureGradient(_:into:_:)`` when the cotangents
  /// are no longer needed.
  public func accumulateTangentGradient(
    _ workspace: Workspace, into gradient: Parameters, _ pass: Pass
  ) {
    for (index, layer) in layers.enumerated() {
      pass.timed(layer, .gradient) {
        layer.accumulateTangentGradient(
          xTangent: workspace.tangents[index], x: workspace.values[index],
          yCotangent: workspace.cotangents[index + 1], into: gradient,
          workspace.pass(pass, layer: index))
      }
    }
  }

  /// Computes the cotangents of the inputs of the last curved layer and of all layers before it but
  /// the first, from the results of ``findCurvature(_:_:)``; they replace those of the backward
  /// pass.
  public func pullBackCurvature(_ workspace: Workspace, _ pass: Pass) {
    requireCurvatures(workspace)
    guard let last = curved.last else { return }
    workspace.cotangents[last].examples(pass.examples).fill(0)
    var rest = zip(curved, workspace.curvatures).reversed()[...]
    for index in (0...last).reversed() {
      if index < last { network.backward(layer: index, workspace, reachingInput: index > 0, pass) }
      guard let (curvedIndex, curvature) = rest.first, curvedIndex == index else { continue }
      rest = rest.dropFirst()
      pass.engine.run(over: pass.examples, by: 1) { example, _ in
        let source = curvature.examples(example)
        let target = workspace.cotangents[index].examples(example)
        unsafe specgan_add(source.start, source.count, target.start)
      }
    }
  }

  /// Adds the part of the gradient of `⟨ȳ, J·ẋ⟩` that is through the values of the curved layers'
  /// inputs, after ``pullBackCurvature(_:_:)``.
  public func accumulateCurvatureGradient(
    _ workspace: Workspace, into gradient: Parameters, _ pass: Pass
  ) {
    network.accumulateGradient(workspace, layers: 0..<(curved.last ?? 0), into: gradient, pass)
  }

  private func requireCurvatures(_ workspace: Workspace) {
    require(
      workspace.curvatures.count == curved.count, "the workspace has no memory for tangents")
  }
}

extension Network {
  /// The indices of the layers that are not piecewise linear.
  var curvedLayers: [Int] {
    layers.indices.filter { !(layers[$0] is any PiecewiseLinear) }
  }
}
