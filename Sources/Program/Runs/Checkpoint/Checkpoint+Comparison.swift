package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

extension Checkpoint {
  /// Opens the cache whose clips are compared with those of this checkpoint.
  ///
  /// A requested cache must have the run's settings and may hold other clips. Otherwise the run's
  /// own cache is used if it exists and has not changed since training.
  ///
  /// - Parameters:
  ///   - path: the requested cache; nil for the run's own.
  ///   - run: the run of this checkpoint; nil if the checkpoint was moved out of it.
  /// - Returns: the cache, nil if there is none, and a warning if the run's own cannot be used.
  /// - Throws: ``SpecGANError`` if a requested cache cannot be used.
  package func comparison(
    cachePath path: String?, of run: RunFolder?
  ) throws(SpecGANError) -> (cache: Cache?, warning: String?) {
    if let path { return (try cache(at: path), nil) }
    let paths = configuration.paths
    let own = if let run { try run.cachePath(of: paths) } else { paths.cache }
    guard try Folder.isFolder(own) else { return (nil, nil) }
    let reason: String
    do throws(SpecGANError) {
      let cache = try cache(at: own)
      if cache.fingerprint == fingerprint { return (cache, nil) }
      reason = "\(own) is not the cache that the run was trained on."
    } catch {
      if error.systemFailure != nil { throw error }
      reason = error.description
    }
    return (nil, "No real clips are shown for comparison: \(reason)")
  }

  private func cache(at path: String) throws(SpecGANError) -> Cache {
    let cache: Cache
    cache = try Cache(path: path)
    let differences = configuration.with(cache).trainingDifferences(from: configuration)
    guard differences.isEmpty else {
      throw .cacheSettings(cache: path, differences: differences)
    }
    return cache
  }
}
