import SpecGANRuns

extension Messages {
  /// Returns the checkpoint that `path` stands for, with its file, and warns about skipped ones.
  func checkpoint(for path: String) throws -> (path: String, checkpoint: Checkpoint) {
    let found = try RunFolder.checkpoint(for: path)
    for warning in found.warnings { warn(warning) }
    return (found.path, found.checkpoint)
  }
}
