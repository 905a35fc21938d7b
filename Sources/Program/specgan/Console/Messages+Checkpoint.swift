import SpecGANRuns

extension Messages {
  /// The checkpoint that `path` means, and its file; what was passed over for it is told.
  func checkpoint(for path: String) throws -> (path: String, checkpoint: Checkpoint) {
    let found = try RunFolder.checkpoint(for: path)
    for warning in found.warnings { warn(warning) }
    return (found.path, found.checkpoint)
  }
}
