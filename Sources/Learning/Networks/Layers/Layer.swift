public import SpecGANTensors

/// A differentiable map `y = f(x; θ)` of examples, with its passes written out.
///
/// All tensors are `[batch, …]`; a pass reads and writes the examples it is given and no others.
/// `J` is `∂y/∂x` where `y` was computed. The laws that `checkLayer` in the tests holds every layer
/// to: `⟨ȳ, J·ẋ⟩ = ⟨Jᵀ·ȳ, ẋ⟩`, and both agree with differences of `f`.
public protocol Layer: Sendable {
  /// What it is called in reports: the published code's name of its parameters, such as
  /// `D/downconv_0`.
  var name: String { get }
  /// The shape of one example's input.
  var inputShape: [Int] { get }
  /// The shape of one example's output.
  var outputShape: [Int] { get }
  /// Multiplications with additions that one example's output takes.
  var multiplyAdds: Int { get }
  /// Scratch memory that any pass needs.
  func reserveScratch(on engine: Engine)

  /// `y = f(x; θ)`.
  func forward(_ x: TensorView, into y: TensorView, _ pass: Pass)
  /// `x̄ = Jᵀ·ȳ`, unless `xCotangent` is nil; `ȳ` becomes the cotangent before the activation.
  func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass)
  /// `ẏ = J·ẋ`.
  func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass)
  /// `θ̄ += (∂y/∂θ)ᵀ·ȳ`, where ``backward(_:x:y:into:_:)`` has been over `yCotangent` already.
  ///
  /// With `x` the tangent of the input in place of the input, and without biases, this is the
  /// gradient of `⟨ȳ, J·ẋ⟩` wherever the layer is ``PiecewiseLinear``.
  func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass)
}

/// A layer with `∂J/∂x = 0` wherever `J` exists: no second derivative is needed of it, ever.
public protocol PiecewiseLinear: Layer {}

/// The parameters, the examples and the threads of a pass.
public struct Pass: Sendable {
  /// The weights `θ`.
  public var parameters: Parameters
  /// The examples to work on.
  public var examples: Range<Int>
  /// The threads and scratch memory.
  public var engine: Engine
  /// The shifts that phase shuffle makes.
  package var shifts = PhaseShifts()
  /// The draws of dropout; nil if nothing is dropped, as at inference.
  public var dropout: DropoutDraws?
  /// The source of batch normalisation's means and variances.
  public var normalization = Normalization.moving
  /// The moving means and variances, which a forward pass in training also brings up to date; nil
  /// where there are none or they stay as they are.
  public var statistics: Parameters?
  /// How much of a moving statistic a group replaces: one less TensorFlow's momentum, 0.99. With
  /// `1 / k` for the `k`th group the statistics are means over all groups.
  package var movingRate: Float = 0.01
  /// Adds up batch normalisation's sums over the members of a distributed run; nil if there is one
  /// member.
  package var adder: (any SumAdder)?

  /// The source of batch normalisation's means and variances.
  public enum Normalization: Equatable, Sendable {
    /// From every `groupSize` examples together, as in training.
    case groups(of: Int)
    /// From ``Pass/statistics``, so that an example's result depends on it alone.
    case moving
  }

  /// A pass over `examples` with `weights`.
  package init(_ weights: NetworkWeights, examples: Range<Int>, engine: Engine) {
    parameters = weights.parameters
    statistics = weights.statistics
    self.examples = examples
    self.engine = engine
  }

  /// A pass over `examples` with `parameters`, of a network without moving statistics.
  public init(parameters: Parameters, examples: Range<Int>, engine: Engine) {
    self.init(.init(parameters: parameters), examples: examples, engine: engine)
  }
}

/// Adds up sums over the members of a distributed run, each of which has a part of every batch.
package protocol SumAdder: Sendable {
  /// Replaces `sums` by their totals over all members, which all call this: the same bits for each
  /// of them.
  func addUp(_ sums: inout [Double])
}

/// What a pass takes of a network's numbers.
package struct NetworkWeights: Sendable {
  /// The weights `θ`.
  package let parameters: Parameters
  /// The moving means and variances; nil where there are none or they are not wanted.
  package let statistics: Parameters?

  /// Weights as passes take them.
  package init(parameters: Parameters, statistics: Parameters? = nil) {
    self.parameters = parameters
    self.statistics = statistics
  }
}

extension Pass {
  /// Runs `body`, one kind of pass of `layer`, and tells the engine's timer if there is one.
  ///
  /// A pass that multiplies nothing, such as the last step backward of a network whose input's
  /// cotangent nobody reads, is no product.
  func timed(
    _ layer: any Layer, _ kind: PassTimer.Kind, isProduct: Bool = true, _ body: () -> Void
  ) {
    guard let timer = engine.timer else { return body() }
    timer.time(
      layer.name, kind, multiplyAdds: isProduct ? examples.count * layer.multiplyAdds : 0, body)
  }
}
