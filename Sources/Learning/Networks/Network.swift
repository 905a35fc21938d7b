// Whoever builds a network needs tensors and an engine.
internal import SpecGANErrors

@_exported public import SpecGANTensors

/// Layers in a row, each taking what the one before gives, and the layout of all their parameters.
public struct Network: Sendable {
  /// The layers, in the order the data flows.
  public let layers: [any Layer]
  /// Where their parameters lie.
  public let layout: ParameterLayout
  /// Where their moving statistics lie, which training changes without a gradient.
  public let statistics: ParameterLayout

  /// - Precondition: each layer takes as many numbers as the one before gives.
  public init(
    _ layers: [any Layer], layout: ParameterLayout, statistics: ParameterLayout = .init()
  ) {
    require(!layers.isEmpty, "a network has at least one layer")
    for (index, (layer, next)) in zip(layers, layers.dropFirst()).enumerated() {
      require(
        layer.outputShape.reduce(1, *) == next.inputShape.reduce(1, *),
        "layer \(index) gives \(layer.outputShape), the next one takes \(next.inputShape)")
    }
    self.layers = layers
    self.layout = layout
    self.statistics = statistics
  }

  /// The shape of one example's input.
  public var inputShape: [Int] { layers[0].inputShape }
  /// The shape of one example's output.
  public var outputShape: [Int] { layers[layers.count - 1].outputShape }
  /// Multiplications with additions that one example's output takes.
  package var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }
  /// Numbers at the input and all layers' outputs of one example.
  package var placeCount: Int { placeShapes.reduce(0) { $0 + $1.reduce(1, *) } }
  /// The shapes of the input and all layers' outputs.
  fileprivate var placeShapes: [[Int]] { [inputShape] + layers.map(\.outputShape) }

  /// From `workspace.values[0]` to all the others.
  public func forward(_ workspace: Workspace, _ pass: Pass) {
    for (index, layer) in layers.enumerated() {
      pass.timed(layer, .forward) {
        layer.forward(workspace.values[index], into: workspace.values[index + 1], pass)
      }
    }
  }

  /// From the last of `workspace.cotangents` to all the others.
  ///
  /// The input's own is left out unless `reachingInput`.
  public func backward(_ workspace: Workspace, reachingInput: Bool, _ pass: Pass) {
    for (index, layer) in layers.enumerated().reversed() {
      let target = index > 0 || reachingInput ? workspace.cotangents[index] : nil
      pass.timed(layer, .backward, isProduct: target != nil) {
        layer.backward(
          workspace.cotangents[index + 1], x: workspace.values[index],
          y: workspace.values[index + 1], into: target, pass)
      }
    }
  }

  /// From `workspace.tangents[0]` to all the others.
  public func tangent(_ workspace: Workspace, _ pass: Pass) {
    for (index, layer) in layers.enumerated() {
      pass.timed(layer, .tangent) {
        layer.tangent(
          workspace.tangents[index], x: workspace.values[index], y: workspace.values[index + 1],
          into: workspace.tangents[index + 1], pass)
      }
    }
  }

  /// Adds the gradient of `⟨ȳ, f(x; θ)⟩` in `θ`, after ``backward(_:reachingInput:_:)``.
  public func accumulateGradient(
    _ workspace: Workspace, into gradient: Parameters, _ pass: Pass
  ) {
    accumulate(inputs: workspace.values, workspace, includingBias: true, into: gradient, pass)
  }

  fileprivate func accumulate(
    inputs: [TensorView], _ workspace: Workspace, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    for (index, layer) in layers.enumerated() {
      pass.timed(layer, .gradient) {
        layer.accumulateGradient(
          x: inputs[index], yCotangent: workspace.cotangents[index + 1],
          includingBias: includingBias, into: gradient, pass)
      }
    }
  }
}

/// A network whose gradient towards its input can be differentiated again without second
/// derivatives.
public struct PiecewiseLinearNetwork: Sendable {
  /// The network.
  public let network: Network

  /// `network`, if all its layers are piecewise linear.
  public init?(_ network: Network) {
    guard network.layers.allSatisfy({ $0 is any PiecewiseLinear }) else { return nil }
    self.network = network
  }

  /// Adds the gradient of `⟨ȳ, J·ẋ⟩` in `θ`, after ``Network/backward(_:reachingInput:_:)`` from
  /// `ȳ` and ``Network/tangent(_:_:)`` from `ẋ`.
  ///
  /// It is exact, because `J` depends on `x` by the signs of activations alone.
  public func accumulateTangentGradient(
    _ workspace: Workspace, into gradient: Parameters, _ pass: Pass
  ) {
    network.accumulate(
      inputs: workspace.tangents, workspace, includingBias: false, into: gradient, pass)
  }
}

/// The memory that a network's passes read and write, planned once for a number of examples.
public final class Workspace: Sendable {
  /// The input, and every layer's output.
  package let values: [TensorView]
  /// Their cotangents.
  package let cotangents: [TensorView]
  /// Their tangents, for the first examples.
  public let tangents: [TensorView]

  /// Places for the values of `examples`.
  public convenience init(_ network: Network, examples: Int, engine: Engine) {
    self.init(
      network, values: Self.places(network, examples), cotangents: [], tangents: [], engine)
  }

  /// Places for the values of `examples`, their cotangents, and tangents of the first
  /// `tangentExamples`.
  ///
  /// The tangents share memory with the cotangents of as many examples at the end, so that those
  /// must be done with before a tangent is computed.
  /// - Precondition: at most half of the examples have tangents.
  public convenience init(
    differentiating network: Network, examples: Int, tangentExamples: Int = 0, engine: Engine
  ) {
    require(2 * tangentExamples <= examples, "tangents would lie in their own cotangents")
    let cotangents = Self.places(network, examples)
    self.init(
      network, values: Self.places(network, examples), cotangents: cotangents,
      tangents: cotangents.map { $0.examples(examples - tangentExamples..<examples) }, engine)
  }

  /// Places for the values and cotangents of as many examples as `output` has, which lies where
  /// another network reads it, and so does its cotangent.
  package convenience init(
    differentiating network: Network, output: TensorView, outputCotangent: TensorView,
    engine: Engine
  ) {
    func places(before last: TensorView) -> [TensorView] {
      Self.places(network, last.length).dropLast() + [last]
    }
    self.init(
      network, values: places(before: output), cotangents: places(before: outputCotangent),
      tangents: [], engine)
  }

  private init(
    _ network: Network, values: [TensorView], cotangents: [TensorView],
    tangents: [TensorView], _ engine: Engine
  ) {
    self.values = values
    self.cotangents = cotangents
    self.tangents = tangents
    for layer in network.layers { layer.reserveScratch(on: engine) }
  }

  private static func places(_ network: Network, _ examples: Int) -> [TensorView] {
    network.placeShapes.map { Tensor(shape: [examples] + $0).view }
  }

  /// Where examples go in.
  public var input: TensorView { values[0] }
  /// Where results come out.
  public var output: TensorView { values[values.count - 1] }
  /// Where the cotangent of the input comes out.
  public var inputCotangent: TensorView { cotangents[0] }
  /// Where the cotangent of the results goes in.
  public var outputCotangent: TensorView { cotangents[cotangents.count - 1] }
}
