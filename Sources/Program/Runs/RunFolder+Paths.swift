internal import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANSettings

/// The cache of a run, found from any folder.
///
/// A run stores its paths as they were typed, relative to the folder in which it began. That folder
/// follows from the path of the run as it was typed and from its place now: a run `runs/a` at
/// `/home/me/drums/runs/a` began in `/home/me/drums`.
extension RunFolder {
  /// The run whose checkpoint is the file at `path`; nil if the file is in no run.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package init?(holdingCheckpoint path: String) throws(SpecGANError) {
    let run = RunFolder(path: Folder.parent(of: Folder.parent(of: path)))
    guard try run.isStarted,
      try Folder.areSame(run.checkpointFolder, Folder.parent(of: path))
    else { return nil }
    self = run
  }

  /// The fingerprint of the cache that the run was trained on; nil if it is not known. Throws if
  /// the system fails.
  package var fingerprint: String? {
    get throws(SpecGANError) {
      let steps = try ifUsable { () throws(SpecGANError) in try checkpointSteps() }
      for step in (steps ?? []).reversed() {
        if let stored = try Checkpoint.fingerprint(path: checkpointPath(step: step)) {
          return stored
        }
      }
      return try SessionRecord(of: self)?.dataset.fingerprint
    }
  }

  /// Returns the path of the run's cache, whose stored paths are `paths`: that with the run's
  /// fingerprint, or otherwise one that exists.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package func cachePath(of paths: PathsConfiguration) throws(SpecGANError) -> String {
    guard !Folder.isAbsolute(paths.cache) else { return paths.cache }
    var places = [paths.cache]
    if let origin = origin(of: paths.run), try !Folder.areSame(origin, ".") {
      places.insert("\(origin == "/" ? "" : origin)/\(paths.cache)", at: 0)
    }
    var found: [String] = []
    for place in places where try Cache.exists(at: place) { found.append(place) }
    if found.count < 2 { return found.first ?? places[0] }
    let fingerprint = try fingerprint
    for place in found {
      if try Cache.fingerprint(at: place) == fingerprint { return place }
    }
    return found[0]
  }

  /// Returns `paths` as the run stores them, so that its cache at `cache` is found from any folder.
  package func stored(_ paths: PathsConfiguration, cache: String) -> PathsConfiguration {
    var stored = paths
    if origin(of: stored.run) == nil { stored.run = path }
    let origin = origin(of: stored.run).map { $0 == "/" ? "" : $0 }
    let isFound = origin.map { Folder.absolute("\($0)/\(stored.cache)") == Folder.absolute(cache) }
    if !Folder.isAbsolute(stored.cache), isFound != true { stored.cache = Folder.absolute(cache) }
    return stored
  }

  /// Returns the folder in which the run has the relative path `typed`; nil if there is none.
  private func origin(of typed: String) -> String? {
    let names = Folder.components(of: typed)
    guard !Folder.isAbsolute(typed), !names.contains("..") else { return nil }
    for place in [Folder.absolute(path), Folder.realPath(path)].compactMap(\.self) {
      let all = Folder.components(of: place)
      let isEnd =
        all.count >= names.count
        && zip(all.suffix(names.count), names).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
      if isEnd && !all.contains("..") {
        return "/" + all.dropLast(names.count).joined(separator: "/")
      }
    }
    return nil
  }

  /// Checks that no run was trained on the cache in the folder `cache`, which has `fingerprint` and
  /// is to be replaced by another one.
  ///
  /// - Throws: ``SpecGANError`` with the runs, which could not resume.
  package static func checkUnused(cache: String, fingerprint: String) throws(SpecGANError) {
    let runs = try trained(on: cache, fingerprint: fingerprint)
    if !runs.isEmpty { throw .cacheOfRuns(cache: cache, runs: runs.map(\.path)) }
  }

  /// Returns the runs that were trained on the cache in the folder `cache`, which has
  /// `fingerprint`, as the cache lists them.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  private static func trained(
    on cache: String, fingerprint: String
  ) throws(SpecGANError) -> [RunFolder] {
    var runs: [RunFolder] = []
    for run in try CacheUsers.folders(of: cache).map(RunFolder.init) {
      guard try run.hasBegun else { continue }
      let own = try run.fingerprint
      if own == nil || own == fingerprint { runs.append(run) }
    }
    return runs
  }
}
