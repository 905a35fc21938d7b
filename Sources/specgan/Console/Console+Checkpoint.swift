import Training

extension Console {
  /// The checkpoint that `path` means, and its file; what was passed over for it is told.
  static func checkpoint(for path: String) throws -> (path: String, checkpoint: Checkpoint) {
    let found = try RunFolder.checkpoint(for: path)
    for warning in found.warnings { message("Warning: \(warning)") }
    return (found.path, found.checkpoint)
  }
}
