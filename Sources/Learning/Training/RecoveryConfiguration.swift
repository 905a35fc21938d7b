/// What becomes of a run when something goes wrong: the `recovery` section of a configuration.
package struct RecoveryConfiguration: Equatable, Sendable {
  /// What training does when a file cannot be written.
  package var writeFailure = WriteFailure.stop
  /// What training does when a loss explodes.
  package var divergence = DivergenceResponse.stop
  /// A loss or a gradient's norm beyond this, or that is no number, is an explosion.
  ///
  /// By default far above what healthy runs show, some hundreds at most where it was measured; and
  /// at 10⁶ a float32 has four bits left behind the point, so that a difference of critic values,
  /// which is of order 1, drowns in rounding.
  package var largestLoss: Float = 1e6
  /// Roll-backs to one checkpoint, after which training gives up.
  package var rollBacks = 3

  /// Stops at everything.
  package init() {}

  /// What training does when a file cannot be written.
  package enum WriteFailure: String, CaseIterable, Sendable {
    /// It ends with an error, and the old checkpoints stay.
    case stop
    /// It warns and goes on; what could not be written is tried again.
    case goOn = "continue"
  }

  /// What training does when a loss explodes.
  package enum DivergenceResponse: String, CaseIterable, Sendable {
    /// It ends with an error, and the checkpoints from before stay.
    case stop
    /// It goes back to the last checkpoint made on schedule, and on from there with other draws.
    case rollBack = "roll-back"
  }
}
