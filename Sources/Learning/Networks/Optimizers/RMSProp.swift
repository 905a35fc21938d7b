// Tieleman and Hinton, "Lecture 6.5: RMSProp", 2012, in the form that TensorFlow computes: ε stands
// under the root, and the mean of squares begins at one.

internal import CSpecGANKernels
public import SpecGANTensors

/// The RMSProp optimiser of one network, without momentum: its settings and its slot.
public final class RMSProp: Optimizer {
  /// RMSProp's settings.
  public struct Configuration: Equatable, Sendable {
    /// The decay of the mean of squared gradients.
    public var decay: Float
    /// The number added to the mean of squares.
    public var epsilon: Float

    /// A configuration; the defaults are those of TensorFlow.
    public init(decay: Float = 0.9, epsilon: Float = 1e-10) {
      self.decay = decay
      self.epsilon = epsilon
    }
  }

  /// The settings.
  package let configuration: Configuration
  private let slot: OptimizerSlot

  /// The running mean of squared gradients.
  package var slots: [OptimizerSlot] { [slot] }

  /// An optimiser that has not been used yet.
  public init(_ configuration: Configuration = .init(), for layout: ParameterLayout) {
    self.configuration = configuration
    slot = OptimizerSlot("/RMSProp", layout, initialValue: 1)
  }

  /// Updates `parameters` by `gradient` `g`, which is zeros then: `θ -= α g/√(v + ε)`.
  public func update(
    _ parameters: Parameters, consuming gradient: Parameters, update: Int, rate: Float,
    on engine: Engine
  ) {
    let constants = specgan_rmsprop(
      rate: rate, decay: configuration.decay, epsilon: configuration.epsilon)
    let square = slot.parameters
    forEachPiece(of: parameters, consuming: gradient, on: engine) { first, count in
      unsafe specgan_rmsprop_update(
        constants, count, parameters.block.start + first, gradient.block.start + first,
        square.block.start + first)
    }
  }
}
