// Tieleman and Hinton, "Lecture 6.5: RMSProp", 2012, in the form that TensorFlow computes: ε is
// added under the root, and the mean of squares starts at one.

internal import CSpecGANKernels
public import SpecGANTensors

/// The RMSProp optimizer of one network, without momentum: its settings and its slot.
public final class RMSProp: Optimizer {
  /// RMSProp's settings.
  public struct Configuration: Equatable, Sendable {
    /// The decay of the mean of squared gradients.
    public var decay: Float
    /// The value that is added to the mean of squares.
    public var epsilon: Float

    /// Creates a configuration. The defaults are TensorFlow's.
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

  /// Creates an optimizer in its initial state.
  public init(_ configuration: Configuration = .init(), for layout: ParameterLayout) {
    self.configuration = configuration
    slot = OptimizerSlot("/RMSProp", layout, initialValue: 1)
  }

  /// Updates `parameters` with `gradient` `g`, `θ -= α g/√(v + ε)`, and sets `gradient` to zero.
  public func update(
    _ parameters: Parameters, consuming gradient: Parameters, update: Int, rate: Float,
    on engine: Engine
  ) {
    self.update(
      parameters, consuming: gradient, number: UpdateNumber(update), rate: rate, on: engine)
  }

  /// Updates the parameters that the update `number` changes.
  package func update(
    _ parameters: Parameters, consuming gradient: Parameters, number: UpdateNumber, rate: Float,
    on engine: Engine
  ) {
    let (configuration, square) = (configuration, slot.parameters)
    forEachPiece(of: parameters, consuming: gradient, number: number, on: engine) {
      first, count, section in
      let constants = specgan_rmsprop(
        rate: section.rateFactor * rate, decay: configuration.decay, epsilon: configuration.epsilon)
      unsafe specgan_rmsprop_update(
        constants, count, parameters.block.start + first, gradient.block.start + first,
        square.block.start + first)
    }
  }
}
