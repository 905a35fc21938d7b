package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
internal import SpecGANSettings

extension Checkpoint {
  /// The cache whose sounds this checkpoint's are compared with, and what a user should know of it.
  ///
  /// One that is asked for must have the run's settings and may hold other sounds. The run's own is
  /// taken if it is where the run knew it, and is still the one that was trained from.
  /// - Parameter path: the one that is asked for; nil for the run's own.
  /// - Returns: the cache, if there is one, and a sentence where the run's own cannot be used.
  /// - Throws: ``SpecGANError`` where one that is asked for cannot be used.
  package func comparison(
    cachePath path: String?
  ) throws(SpecGANError) -> (cache: Cache?, warning: String?) {
    if let path { return (try cache(at: path), nil) }
    let own = configuration.paths.cache
    guard Folder.isFolder(own) else { return (nil, nil) }
    let reason: String
    do throws(SpecGANError) {
      let cache = try cache(at: own)
      if cache.fingerprint == fingerprint { return (cache, nil) }
      reason = "\(own) is not the cache that was trained from."
    } catch {
      reason = error.description
    }
    return (nil, "There are no real sounds beside the others: \(reason)")
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
