internal import SpecGANDatasets
internal import SpecGANSettings
internal import SpecGANTestSupport
internal import SpecGANTraining

/// One example that makes training diverge, which the first branch of a run uses and the second one
/// does not.
package struct Poison {
  /// The step that diverges.
  package static let step = 4
  /// The number of steps that the second branch can train.
  package static let steps = 6

  /// Replaces every element of the example by `value`, and configures `small` so that step ``step``
  /// is the first to use it: one example per update, one critic update per step, and a suitable
  /// seed.
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
