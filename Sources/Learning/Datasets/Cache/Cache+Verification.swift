internal import SpecGANChecksums
package import SpecGANErrors
internal import SpecGANFiles

extension Cache {
  /// Opens the cache at `path`, and compares every file with its checksum.
  ///
  /// A gigabyte takes 0.4 CPU s if it is in the page cache; otherwise it is read from the disk, as
  /// the first epoch would do.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - progress: called after each file.
  ///   - isInterrupted: called before each file; true to stop.
  /// - Throws: ``SpecGANError`` if it cannot be opened, a file does not match or cannot be read, or
  ///   if `isInterrupted` returned true.
  package init(
    verifying path: String, progress: (PreprocessingProgress) -> Void = { _ in },
    isInterrupted: () -> Bool = { false }
  ) throws(SpecGANError) {
    try self.init(path: path)
    let cache = self
    try ifCurrent { () throws(SpecGANError) in
      try cache.verifyChecksums(progress, isInterrupted)
    }
  }

  /// Reads the complete cache, and checks every checksum, value and count.
  ///
  /// - Throws: ``SpecGANError`` for the first file that is damaged, or if the cache was replaced.
  package func verify() throws(SpecGANError) {
    try ifCurrent { () throws(SpecGANError) in try verifyChecksums() }
    try verifySources()
    for kind in ShardKind.allCases { try verifyValues(kind) }
    _ = try labelNumbers()
  }

  /// Checks all values of `kind`, one shard at a time, so that only one is mapped into memory.
  private func verifyValues(_ kind: ShardKind) throws(SpecGANError) {
    let limit: Float = kind == .slices ? .greatestFiniteMagnitude : 1
    for index in 0..<record.counts.shards {
      let shard = try shard(kind, index)
      guard shard.withAll({ isWithin(limit, $0) }) else {
        throw damage(kind.file(index), "it has a value that is not finite or out of range")
      }
    }
  }

  /// Compares every file with its checksum.
  ///
  /// - Parameters:
  ///   - progress: called after each file.
  ///   - isInterrupted: called before each file; true to stop.
  /// - Throws: ``SpecGANError`` if a file does not match or cannot be read, or if `isInterrupted`
  ///   returned true.
  func verifyChecksums(
    _ progress: (PreprocessingProgress) -> Void = { _ in }, _ isInterrupted: () -> Bool = { false }
  ) throws(SpecGANError) {
    var names = [CacheLayout.sources, CacheLayout.moments]
    for kind in ShardKind.allCases { names += (0..<record.counts.shards).map { kind.file($0) } }
    guard Set(names) == Set(record.checksums.keys) else {
      throw damage(CacheLayout.record, "it does not have exactly one checksum per file")
    }
    for (index, name) in names.enumerated() {
      if isInterrupted() { throw .interrupted }
      guard try isAsWritten(name) else {
        throw damage(name, "it does not match its checksum")
      }
      progress(.init(phase: .verifying, done: index + 1, total: names.count))
    }
  }

  /// Returns whether the file `name` matches its checksum.
  func isAsWritten(_ name: String) throws(SpecGANError) -> Bool {
    let found = try CRC32.ofFile("\(path)/\(name)")
    return found.checksum.hexadecimal == record.checksums[name]
  }

  private func verifySources() throws(SpecGANError) {
    let rows = try sources()
    let slices = rows.reduce(0) { $0 &+ $1.slices }
    let skipped = rows.count { $0.skipReason != nil }
    guard rows.count == files.found, skipped == files.skipped, slices == count else {
      throw damage(CacheLayout.sources, "its rows do not match the counts of the cache")
    }
  }

  private func damage(_ name: String, _ reason: String) -> SpecGANError {
    .damaged(path: "\(path)/\(name)", reason: reason)
  }
}

/// Returns whether all `values` are in `[−limit, limit]`; false for a NaN.
private func isWithin(_ limit: Float, _ values: Span<Float>) -> Bool {
  for index in values.indices where !(abs(values[index]) <= limit) { return false }
  return true
}
