package import SpecGANErrors

extension SpecGANError {
  /// Training would take more memory than there is.
  package static func memory(needed: Int, available: Int) -> SpecGANError {
    SpecGANError(
      .noMemory, "training.memory",
      "Training needs \(needed >> 20) MiB of memory, and \(available >> 20) are free",
      advice: "lower training.batch_size or network.dimension.")
  }

  /// A loss, a gradient or a weight diverged in `step` of the run at the path `run`.
  package static func diverged(run: String, step: Int, _ divergence: Divergence) -> SpecGANError {
    .diverged(
      "\(run): \(divergence) at step \(step)", path: run, key: divergence.quantity,
      found: divergence.value.map { "\($0)" })
  }

  /// The same divergence, after `rollBacks` roll-backs that did not help.
  package func after(rollBacks: Int) -> SpecGANError {
    guard rollBacks > 0 else { return self }
    let times = rollBacks == 1 ? "1 roll-back" : "\(rollBacks) roll-backs"
    return .diverged("\(statement), after \(times)", path: path, key: key, found: found)
  }

  private static func diverged(
    _ statement: String, path: String?, key: String?, found: String?
  ) -> SpecGANError {
    SpecGANError(
      .diverged, "training.diverged", statement,
      advice: """
        the checkpoints from before are kept. Lower training.learning_rate, or look at the data.
        """, path: path, key: key, found: found)
  }
}
