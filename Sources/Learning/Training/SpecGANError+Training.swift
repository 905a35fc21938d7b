package import SpecGANErrors

extension SpecGANError {
  /// Returns the error that memory is too small for training, with both sizes in bytes.
  package static func memory(needed: Int, available: Int) -> SpecGANError {
    SpecGANError(
      .noMemory, "training.memory",
      "Training needs \(needed >> 20) MiB of memory, but only \(available >> 20) MiB are free",
      advice: "lower training.batch_size or network.dimension.")
  }

  /// Returns the error that a loss, a gradient or a weight diverged in step `step` of the run at
  /// the path `run`.
  package static func diverged(run: String, step: Int, _ divergence: Divergence) -> SpecGANError {
    .diverged(
      "\(run): \(divergence) at step \(step)", path: run, key: divergence.quantity,
      found: divergence.value.map { "\($0)" })
  }

  /// Returns this error of divergence, with the number of roll-backs before it.
  package func after(rollBacks: Int) -> SpecGANError {
    guard rollBacks > 0 else { return self }
    let times = rollBacks == 1 ? "1 roll-back" : "\(rollBacks) roll-backs"
    return .diverged("\(statement), after \(times)", path: path, key: key, found: found)
  }

  /// Returns the error that the states of `ranks` differ from those of most ranks, at step `step`
  /// of the distributed run at the path `run`; if there are none, no state is that of most ranks.
  package static func unequalRanks(_ ranks: [Int], run: String, step: Int) -> SpecGANError {
    let names = ranks.map { "\($0)" }.joined(separator: ", ")
    let statement =
      ranks.isEmpty
      ? "the states of the ranks differ"
      : "rank \(names): the state differs from that of the other ranks"
    return SpecGANError(
      .unreachable, "training.unequalRanks",
      "\(run): \(statement) at step \(step); no checkpoint was written",
      advice: """
        use the same libraries for all ranks, test the memory of their machines, and resume the run.
        """, path: run)
  }

  private static func diverged(
    _ statement: String, path: String?, key: String?, found: String?
  ) -> SpecGANError {
    SpecGANError(
      .diverged, "training.diverged", statement,
      advice: """
        earlier checkpoints are kept. Lower training.learning_rate, or check the data.
        """, path: path, key: key, found: found)
  }
}
