package import SpecGANTraining

extension Trainer {
  /// Continues where `checkpoint` stands; returns false, and changes nothing, if it has no optimizer
  /// slots.
  ///
  /// - Precondition: it is of the same networks.
  package func restore(_ checkpoint: Checkpoint) -> Bool {
    guard checkpoint.isResumable else { return false }
    restore(
      generator: checkpoint.generatorState, critic: checkpoint.criticState,
      step: checkpoint.step, rollBacks: checkpoint.rollBacks)
    return true
  }
}
