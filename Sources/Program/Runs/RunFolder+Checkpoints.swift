package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

/// A checkpoint that was read, and what was passed over for it.
package struct FoundCheckpoint: Sendable {
  /// Its file.
  package let path: String
  /// What it holds.
  package let checkpoint: Checkpoint
  /// A sentence for each later one that is damaged.
  package var warnings: [String] {
    damaged.map { Self.warning($0.error, usedStep: checkpoint.step) }
  }
  /// The later ones that are damaged, the last first.
  package let damaged: [(step: Int, error: SpecGANError)]

  private static func warning(_ error: SpecGANError, usedStep: Int) -> String {
    "The checkpoint of step \(usedStep) is used in place of a later one: \(error)"
  }
}

extension RunFolder {
  /// The checkpoint that `path` means: that file, or the last whole one of the run that it is.
  ///
  /// - Throws: ``SpecGANError`` where nothing is there, or it cannot be used, or a run has no whole
  ///   one.
  package static func checkpoint(for path: String) throws(SpecGANError) -> FoundCheckpoint {
    guard Folder.exists(path) else { throw .notFound(path: path) }
    guard Folder.isFolder(path) else {
      return FoundCheckpoint(path: path, checkpoint: try Checkpoint(path: path), damaged: [])
    }
    guard let found = try RunFolder(path: path).lastWholeCheckpoint() else {
      throw .noCheckpoint(run: path)
    }
    return found
  }

  /// The last checkpoint that is whole and of a step that is `wanted`; nil where there is none of
  /// these.
  ///
  /// - Throws: ``SpecGANError`` where all are damaged, and other errors where
  ///   one is whole and cannot be used.
  package func lastWholeCheckpoint(
    where wanted: (Int) -> Bool = { _ in true }
  ) throws(SpecGANError) -> FoundCheckpoint? {
    var damaged: [(step: Int, error: SpecGANError)] = []
    for step in try steps().reversed() where wanted(step) {
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

  /// The step whose checkpoint has the lowest score; nil where none has one.
  ///
  /// - Throws: ``SpecGANError`` where the folder cannot be read.
  package func bestCheckpointStep() throws(SpecGANError) -> Int? {
    let scored = try steps().compactMap { step in
      Checkpoint.score(path: checkpointPath(step: step)).map { (score: $0, step: step) }
    }
    return scored.min { $0 < $1 }?.step
  }

  /// Removes all checkpoints but the last `count`, the best one, and those of `others`.
  ///
  /// - Throws: ``SpecGANError`` where one cannot be removed.
  package func keepCheckpoints(last count: Int, and others: [Int?]) throws(SpecGANError) {
    let steps = try steps()
    let kept = Set(steps.suffix(count) + (others + [try bestCheckpointStep()]).compactMap(\.self))
    try removeCheckpoints(steps.filter { !kept.contains($0) })
  }

  /// Removes the checkpoints of `steps`, where they are there.
  ///
  /// - Throws: ``SpecGANError`` where one cannot be removed.
  package func removeCheckpoints(_ steps: some Sequence<Int>) throws(SpecGANError) {
    for step in steps {
      try Folder.remove(file: checkpointPath(step: step))
    }
  }

  private func steps() throws(SpecGANError) -> [Int] {
    return try checkpointSteps()
  }
}
