public import SpecGANTensors

/// A differentiable map `y = f(x; θ)` of examples, with explicit passes.
///
/// All tensors are `[batch, …]`. A pass reads and writes only the examples of ``Pass/examples``.
/// `J` is `∂y/∂x` at the input of the forward pass. In the tests, `checkLayer` checks for every
/// layer that `⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩`, and that both agree with finite differences of `f`.
public protocol Layer: Sendable {
  /// The name in reports: that of its parameters in the reference implementation, such as
  /// `D/downconv_0`.
  var name: String { get }
  /// The shape of one example's input.
  var inputShape: [Int] { get }
  /// The shape of one example's output.
  var outputShape: [Int] { get }
  /// The number of multiply-adds for one example's output.
  var multiplyAdds: Int { get }
  /// The numbers of elements of one example that passes keep for later ones, in ``Pass/kept``.
  var keptCounts: KeptCounts { get }
  /// Reserves the scratch memory that the passes need.
  func reserveScratch(on engine: Engine)

  /// Computes `y = f(x; θ)`.
  func forward(_ x: TensorView, into y: TensorView, _ pass: Pass)
  /// Computes `x̄ = Jᵀ·ȳ`, unless `xCotangent` is nil. `ȳ` is replaced by the cotangent before the
  /// activation.
  func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass)
  /// Computes `ẏ = J·ẋ`.
  func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass)
  /// Adds `(∂y/∂θ)ᵀ·ȳ` to `θ̄`, with `yCotangent` as ``backward(_:x:y:into:_:)`` left it.
  ///
  /// If `x` is the tangent of the input, and biases are not included, this is the gradient of
  /// `⟨ȳ, J·ẋ⟩` with respect to `θ` for a ``PiecewiseLinear`` layer.
  func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass)
}

extension Layer {
  /// No elements.
  public var keptCounts: KeptCounts { KeptCounts() }
}

/// A layer whose tangent can be differentiated, as a gradient penalty requires.
public protocol TwiceDifferentiable: Layer {
  /// Computes the gradient of `⟨ȳ, J·ẋ⟩` with respect to `x`, with `yCotangent` as
  /// ``Layer/backward(_:x:y:into:_:)`` left it.
  func curvature(
    _ yCotangent: TensorView, xTangent: TensorView, x: TensorView, into xCotangent: TensorView,
    _ pass: Pass)
  /// Adds the gradient of `⟨ȳ, J·ẋ⟩` with respect to `θ`, at a constant `x`, after
  /// ``curvature(_:xTangent:x:into:_:)`` of a layer that is not piecewise linear.
  func accumulateTangentGradient(
    xTangent: TensorView, x: TensorView, yCotangent: TensorView, into gradient: Parameters,
    _ pass: Pass)
}

/// A layer with `∂J/∂x = 0` wherever `J` exists, so that its curvature is zero.
public protocol PiecewiseLinear: TwiceDifferentiable {}

extension PiecewiseLinear {
  /// Writes zeros.
  public func curvature(
    _ yCotangent: TensorView, xTangent: TensorView, x: TensorView, into xCotangent: TensorView,
    _ pass: Pass
  ) {
    xCotangent.examples(pass.examples).fill(0)
  }

  /// Adds the gradient of the layer at the tangent, without biases.
  public func accumulateTangentGradient(
    xTangent: TensorView, x: TensorView, yCotangent: TensorView, into gradient: Parameters,
    _ pass: Pass
  ) {
    accumulateGradient(
      x: xTangent, yCotangent: yCotangent, includingBias: false, into: gradient, pass)
  }
}

/// A layer without parameters. By default it multiplies nothing and needs no scratch memory.
package protocol ParameterlessLayer: Layer {}

extension ParameterlessLayer {
  /// The number of multiply-adds: 0.
  package var multiplyAdds: Int { 0 }

  /// Does nothing.
  package func reserveScratch(on engine: Engine) {}

  /// Does nothing.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {}
}

/// The parameters, the examples and the threads of a pass.
public struct Pass: Sendable {
  /// The weights `θ`.
  public var parameters: Parameters
  /// The examples to work on.
  public var examples: Range<Int>
  /// The threads and scratch memory.
  public var engine: Engine
  /// The shifts of phase shuffle.
  package var shifts = PhaseShifts()
  /// The styles of the examples, which a network with layers of styles sets itself; nil if there
  /// are none.
  package var styles: Styles?
  /// The choice of styles of a style-based generator's layers; nil if each example has one style.
  package var mixing: StyleMixing?
  /// The truncation of styles; nil for none.
  package var truncation: StyleTruncation?
  /// The noise inputs; nil for zeros.
  package var noise: NoiseInputs?
  /// The weight of the new branch in layers that blend two; nil for the layers' own.
  package var blend: Float?
  /// The draws of dropout; nil if nothing is dropped, as at inference.
  public var dropout: DropoutDraws?
  /// The source of batch normalization's means and variances.
  public var normalization = Normalization.moving
  /// The moving means and variances, which a forward pass in training also updates; nil if there
  /// are none, or they must not change.
  public var statistics: Parameters?
  /// The weight of a group in the moving statistics: 1 minus TensorFlow's momentum of 0.99. With
  /// `1 / k` for the `k`th group, the statistics are the means over all groups.
  package var movingRate: Float = 0.01
  /// The memory of what the layer's passes keep for later ones; nil if they keep nothing.
  package var kept: KeptMemory?
  /// The examples whose gradients are summed, a part of ``examples``; nil for all of them.
  package var part: Range<Int>?
  /// The number of examples of a shard. Batch normalization adds up the sums of the shards of a
  /// group by ``SumTree``; nil if a group is one shard.
  package var shardSize: Int?
  /// The adder of batch normalization's sums over the members of a distributed run; nil if there is
  /// one member.
  package var adder: (any SumAdder)?

  /// The source of batch normalization's means and variances.
  public enum Normalization: Equatable, Sendable {
    /// The values of every `groupSize` examples together, as in training.
    case groups(of: Int)
    /// ``Pass/statistics``, so that an example's result depends only on this example.
    case moving
  }

  /// Creates a pass over `examples` with `weights`.
  package init(_ weights: NetworkWeights, examples: Range<Int>, engine: Engine) {
    parameters = weights.parameters
    statistics = weights.statistics
    blend = weights.blend
    self.examples = examples
    self.engine = engine
  }

  /// Creates a pass over `examples` with `parameters`, for a network without moving statistics.
  public init(parameters: Parameters, examples: Range<Int>, engine: Engine) {
    self.init(.init(parameters: parameters), examples: examples, engine: engine)
  }
}

/// An adder of sums over the members of a distributed run, each of which has a part of every batch.
package protocol SumAdder: Sendable {
  /// Replaces `sums` by their totals over all members. All members call it, and get the same bits.
  func addUp(_ sums: inout [Double])
}

/// The weights and statistics that a pass uses.
package struct NetworkWeights: Sendable {
  /// The weights `θ`.
  package let parameters: Parameters
  /// The moving means and variances; nil if there are none, or the pass does not use them.
  package let statistics: Parameters?
  /// The weight of the new branch in layers that blend two; nil for the layers' own.
  package var blend: Float?

  /// Creates weights for a pass.
  package init(parameters: Parameters, statistics: Parameters? = nil) {
    self.parameters = parameters
    self.statistics = statistics
  }

  /// These weights without the statistics, for a pass that must not change them.
  package var withoutStatistics: NetworkWeights {
    var weights = NetworkWeights(parameters: parameters)
    weights.blend = blend
    return weights
  }
}

extension Pass {
  /// The examples whose gradients are summed.
  var summed: Range<Int> { part ?? examples }

  /// Runs `body`, a pass of `layer`, and times it if the engine has a timer.
  ///
  /// `isProduct` is false if the pass multiplies nothing, such as the first layer's backward pass
  /// if the cotangent of the network's input is not needed.
  func timed(
    _ layer: any Layer, _ kind: PassTimer.Kind, isProduct: Bool = true, _ body: () -> Void
  ) {
    // The layers of branches are timed one by one.
    guard let timer = engine.timer, !(layer is any BranchedLayer) else { return body() }
    timer.time(
      layer.name, kind, multiplyAdds: isProduct ? examples.count * layer.multiplyAdds : 0, body)
  }
}
