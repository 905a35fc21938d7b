internal import SpecGANChecksums
package import SpecGANErrors
internal import SpecGANFiles

extension Cache {
  /// Reads everything, and finds what is not as it was written.
  ///
  /// - Throws: ``SpecGANError``, naming the first file that is damaged.
  package func verify() throws(SpecGANError) {
    try ifCurrent { () throws(SpecGANError) in try verifyChecksums() }
    try verifySources()
    for kind in ShardKind.allCases { try verifyNumbers(kind) }
    _ = try labelNumbers()
  }

  /// One shard after the other, so that what is mapped does not add up.
  private func verifyNumbers(_ kind: ShardKind) throws(SpecGANError) {
    let limit: Float = kind == .slices ? .greatestFiniteMagnitude : 1
    for index in 0..<record.counts.shards {
      let shard = try shard(kind, index)
      guard shard.withAll({ isWithin(limit, $0) }) else {
        throw damage(kind.file(index), "it holds a number that is not finite or out of range")
      }
    }
  }

  /// Compares every file with its checksum; `progress` and `isInterrupted` are called for each.
  func verifyChecksums(
    _ progress: (PreprocessingProgress) -> Void = { _ in }, _ isInterrupted: () -> Bool = { false }
  ) throws(SpecGANError) {
    var names = [CacheLayout.sources, CacheLayout.moments]
    for kind in ShardKind.allCases { names += (0..<record.counts.shards).map { kind.file($0) } }
    guard Set(names) == Set(record.checksums.keys) else {
      throw damage(CacheLayout.record, "it does not hold one checksum for each file")
    }
    for (index, name) in names.enumerated() {
      if isInterrupted() { throw .interrupted }
      guard try isAsWritten(name) else {
        throw damage(name, "its bytes do not have the checksum they were written with")
      }
      progress(.init(phase: .verifying, done: index + 1, total: names.count))
    }
  }

  /// Whether the file `name` has the checksum it was written with.
  func isAsWritten(_ name: String) throws(SpecGANError) -> Bool {
    let found = try CRC32.ofFile("\(path)/\(name)")
    return found.checksum.hexadecimal == record.checksums[name]
  }

  private func verifySources() throws(SpecGANError) {
    let rows = try sources()
    let slices = rows.reduce(0) { $0 &+ $1.slices }
    let skipped = rows.count { $0.skipped != nil }
    guard rows.count == files.found, skipped == files.skipped, slices == count else {
      throw damage(CacheLayout.sources, "its rows do not add up to the counts of the cache")
    }
  }

  private func damage(_ name: String, _ reason: String) -> SpecGANError {
    .damaged(path: "\(path)/\(name)", reason: reason)
  }
}

/// Whether all `values` lie in `[−limit, limit]`; a NaN does not.
private func isWithin(_ limit: Float, _ values: Span<Float>) -> Bool {
  for index in values.indices where !(abs(values[index]) <= limit) { return false }
  return true
}
