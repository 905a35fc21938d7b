// Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, in the form before section 2.1
// that TensorFlow computes: ε is added to √v before v's bias is corrected.

internal import CKernels
internal import Foundation
public import Tensors

/// The Adam optimiser of one network: its settings and its two slots.
public struct Adam: Sendable {
  /// Adam's settings.
  public struct Configuration: Equatable, Sendable {
    /// The step size.
    public var learningRate: Float
    /// The decay of the mean of gradients.
    public var beta1: Float
    /// The decay of the mean of squared gradients.
    public var beta2: Float
    /// Added to the root of the mean of squares.
    public var epsilon: Float = 1e-8

    /// The settings of the paper's table 6 by default.
    public init(learningRate: Float = 1e-4, beta1: Float = 0.5, beta2: Float = 0.9) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
    }
  }

  /// The settings.
  public let configuration: Configuration
  /// The running mean of gradients, `m`.
  public let mean: Parameters
  /// The running mean of squared gradients, `v`.
  public let square: Parameters

  /// An optimiser that has not been used yet.
  public init(_ configuration: Configuration, for layout: ParameterLayout) {
    self.init(configuration, mean: Parameters(layout), square: Parameters(layout))
  }

  /// An optimiser with the slots of an earlier one.
  public init(_ configuration: Configuration, mean: Parameters, square: Parameters) {
    self.configuration = configuration
    self.mean = mean
    self.square = square
  }

  /// `θ -= α √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)`, after both slots took `gradient` in, which is zeros then.
  ///
  /// The first `update`, `t`, is number 1.
  public func update(
    _ parameters: Parameters, consuming gradient: Parameters, update: Int, on engine: Engine
  ) {
    precondition(
      [gradient, mean, square].allSatisfy { $0.layout == parameters.layout },
      "the gradient and the slots are not of these parameters")
    let t = Double(update)
    let corrected =
      Double(configuration.learningRate) * (1 - pow(Double(configuration.beta2), t)).squareRoot()
      / (1 - pow(Double(configuration.beta1), t))
    let constants = specgan_adam(
      rate: Float(corrected), beta1: configuration.beta1, beta2: configuration.beta2,
      epsilon: configuration.epsilon)
    engine.run(over: 0..<parameters.layout.count, by: 1 << 14) { range, _ in
      let first = range.lowerBound
      unsafe specgan_adam_update(
        constants, range.count, parameters.block.start + first, gradient.block.start + first,
        mean.block.start + first, square.block.start + first)
    }
  }
}
