/// The response of a run to errors: the `recovery` section of a configuration.
package struct RecoveryConfiguration: Equatable, Sendable {
  /// The response if a file cannot be written.
  package var writeFailure = WriteFailure.stop
  /// The response if training diverges.
  package var divergence = DivergenceResponse.stop
  /// The largest magnitude of a loss or of a gradient's norm. Training has diverged if one exceeds
  /// it or is not finite.
  ///
  /// The default is far above the values of healthy runs, a few hundred in measurements. At 10⁶ a
  /// float32 has four fractional bits, so that a difference of critic values, which is of order 1,
  /// is lost in rounding.
  package var largestLoss: Float = 1e6
  /// The number of roll-backs to one checkpoint after which training stops.
  package var rollBacks = 3

  /// Creates a configuration that stops at every error.
  package init() {}

  /// A response if a file cannot be written.
  package enum WriteFailure: String, CaseIterable, Sendable {
    /// Training ends with an error; the old checkpoints are kept.
    case stop
    /// Training continues with a warning and tries the write again.
    case goOn = "continue"
  }

  /// A response if training diverges.
  package enum DivergenceResponse: String, CaseIterable, Sendable {
    /// Training ends with an error; earlier checkpoints are kept.
    case stop
    /// Training resumes from the last scheduled checkpoint with other random numbers.
    case rollBack = "roll-back"
  }
}
