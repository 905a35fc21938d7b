package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

/// A checkpoint that was read, and the damaged ones that were skipped.
package struct FoundCheckpoint: Sendable {
  /// The file.
  package let path: String
  /// The checkpoint.
  package let checkpoint: Checkpoint
  /// A warning for each damaged one.
  package var warnings: [String] {
    damaged.map { Self.warning($0.error, usedStep: checkpoint.step) }
  }
  /// The later checkpoints that are damaged, the last one first.
  package let damaged: [(step: Int, error: SpecGANError)]

  private static func warning(_ error: SpecGANError, usedStep: Int) -> String {
    "The checkpoint of step \(usedStep) is used instead of a later one: \(error)"
  }
}

extension RunFolder {
  /// Returns the checkpoint at `path`: that file, or the last intact one of that run.
  ///
  /// - Throws: ``SpecGANError`` if it is missing or cannot be used, or the run has no intact
  ///   checkpoint.
  package static func checkpoint(for path: String) throws(SpecGANError) -> FoundCheckpoint {
    guard try Folder.exists(path) else { throw .notFound(path: path) }
    guard try Folder.isFolder(path) else {
      return FoundCheckpoint(path: path, checkpoint: try Checkpoint(path: path), damaged: [])
    }
    guard let found = try RunFolder(path: path).lastWholeCheckpoint() else {
      throw .noCheckpoint(run: path)
    }
    return found
  }

  /// Returns the checkpoint of the step with the best score in the log.
  ///
  /// - Throws: ``SpecGANError`` if no step has a score, or the best one has no intact checkpoint.
  package func bestCheckpoint() throws(SpecGANError) -> FoundCheckpoint {
    guard try Folder.exists(path) else { throw .notFound(path: path) }
    guard try isStarted else { throw .notARun(path: path) }
    guard let best = try ScoreHistory(of: self).best else { throw .noScore(run: path) }
    guard let found = try lastWholeCheckpoint(where: { $0 == best.step }) else {
      throw .noBestCheckpoint(run: path, step: best.step)
    }
    return found
  }

  /// Returns the last intact checkpoint of the steps that are `wanted`; nil if these have none.
  ///
  /// - Throws: ``SpecGANError`` if all of them are damaged, or one cannot be used for another
  ///   reason.
  package func lastWholeCheckpoint(
    where wanted: (Int) -> Bool = { _ in true }
  ) throws(SpecGANError) -> FoundCheckpoint? {
    var damaged: [(step: Int, error: SpecGANError)] = []
    for step in try checkpointSteps().reversed() where wanted(step) {
      let path = checkpointPath(step: step)
      do throws(SpecGANError) {
        let checkpoint = try Checkpoint(path: path)
        guard checkpoint.step == step else { throw .misnamed(path: path, step: checkpoint.step) }
        return FoundCheckpoint(path: path, checkpoint: checkpoint, damaged: damaged)
      } catch {
        guard error.isDamage else { throw error }
        damaged.append((step, error))
      }
    }
    if let last = damaged.first { throw .noWholeCheckpoint(run: path, last: last.error) }
    return nil
  }

  /// Removes all checkpoints but the last `count`, of which that of step `extra` is not one, those
  /// of the steps `others`, and those that generated clips need; see ``keep(_:for:)``.
  ///
  /// - Throws: ``SpecGANError`` if one cannot be removed.
  package func keepCheckpoints(
    last count: Int, notCounting extra: Int? = nil, and others: [Int?]
  ) throws(SpecGANError) {
    let steps = try checkpointSteps()
    let last = steps.filter { $0 != extra }.suffix(count)
    let kept = Set(last + others.compactMap(\.self)).union(try stepsOfClips)
    try removeCheckpoints(steps.filter { !kept.contains($0) })
  }

  /// Removes the checkpoints of `steps`, if they exist.
  ///
  /// - Throws: ``SpecGANError`` if one cannot be removed.
  package func removeCheckpoints(_ steps: some Sequence<Int>) throws(SpecGANError) {
    for step in steps {
      try Folder.remove(file: checkpointPath(step: step))
    }
  }
}
