// Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, in the form before
// section 2.1 that TensorFlow computes: ε is added to √v before v's bias is corrected.

internal import CSpecGANKernels
internal import Foundation
public import SpecGANTensors

/// The Adam optimizer of one network: its settings and its two slots.
public final class Adam: Optimizer {
  /// Adam's settings.
  public struct Configuration: Equatable, Sendable {
    /// The decay of the mean of gradients.
    public var beta1: Float
    /// The decay of the mean of squared gradients.
    public var beta2: Float
    /// The value that is added to the root of the mean of squares.
    public var epsilon: Float

    /// Creates a configuration. The defaults are those of Donahue et al. 2019, table 6.
    public init(beta1: Float = 0.5, beta2: Float = 0.9, epsilon: Float = 1e-8) {
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
    }
  }

  /// The settings.
  package let configuration: Configuration
  private let meanSlot: OptimizerSlot
  private let squareSlot: OptimizerSlot

  /// The running means of gradients, `m`, and of squared gradients, `v`.
  package var slots: [OptimizerSlot] { [meanSlot, squareSlot] }
  /// The running mean of gradients, `m`.
  package var mean: Parameters { meanSlot.parameters }
  /// The running mean of squared gradients, `v`.
  package var square: Parameters { squareSlot.parameters }

  /// Creates an optimizer in its initial state.
  public init(_ configuration: Configuration = .init(), for layout: ParameterLayout) {
    self.configuration = configuration
    meanSlot = OptimizerSlot("/Adam", layout)
    squareSlot = OptimizerSlot("/Adam_1", layout)
  }

  /// Updates `parameters` with `gradient`, and sets `gradient` to zero.
  ///
  /// `θ -= α √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m/(√v + ε)`, with `m` and `v` updated first.
  ///
  /// `α` is `rate`, and `t` is `update`, from 1.
  public func update(
    _ parameters: Parameters, consuming gradient: Parameters, update: Int, rate: Float,
    on engine: Engine
  ) {
    self.update(
      parameters, consuming: gradient, number: UpdateNumber(update), rate: rate, on: engine)
  }

  /// Updates `parameters`, with `t` the number of the update of each.
  package func update(
    _ parameters: Parameters, consuming gradient: Parameters, number: UpdateNumber, rate: Float,
    on engine: Engine
  ) {
    let (configuration, mean, square) = (configuration, mean, square)
    forEachPiece(of: parameters, consuming: gradient, number: number, on: engine) {
      first, count, section in
      let t = Double(section.number)
      let corrected =
        Double(rate) * (1 - pow(Double(configuration.beta2), t)).squareRoot()
        / (1 - pow(Double(configuration.beta1), t))
      let constants = specgan_adam(
        rate: section.rateFactor * Float(corrected), beta1: configuration.beta1,
        beta2: configuration.beta2,
        epsilon: configuration.epsilon)
      unsafe specgan_adam_update(
        constants, count, parameters.block.start + first, gradient.block.start + first,
        mean.block.start + first, square.block.start + first)
    }
  }
}
