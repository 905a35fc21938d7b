internal import SpecGANDatasets
internal import SpecGANSettings
internal import SpecGANTestSupport
internal import SpecGANTraining

/// One example that makes training diverge, in a place that the first course of a run comes to and
/// the second one does not.
package struct Poison {
  /// The step that diverges.
  package static let step = 4
  /// Steps that the second course can do.
  package static let steps = 6

  /// Puts `value` in place of every number of the example, and sets `small` so that step ``step``
  /// is the first to meet it: one example an update, one update of the critic a step, and a seed
  /// that suits.
  package static func put(_ value: Float, in small: inout SmallRun, target: Int) throws {
    small.configuration.training.batchSize = 1
    small.configuration.training.criticUpdates = 1
    small.configuration.recovery.divergence = .rollBack
    for seed in UInt64(0)... {
      var (first, second) = (
        EpochOrder(count: small.cache.count, seed: seed),
        EpochOrder(count: small.cache.count, seed: seed, variant: 1)
      )
      let example = first[step - 1]
      guard !(target..<steps).contains(where: { second[$0] == example }) else { continue }
      small.configuration.training.seed = seed
      try spoilExample(example, ofCache: small.cache.path, with: value)
      return
    }
  }
}
