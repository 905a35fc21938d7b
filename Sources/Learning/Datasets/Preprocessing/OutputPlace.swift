internal import SpecGANErrors
internal import SpecGANFiles

/// The state of an output's path: free, or a cache that may be replaced.
enum OutputPlace {
  case free, cache

  /// Determines the state of `path`; an empty folder is free.
  ///
  /// - Throws: ``SpecGANError`` for anything else, which may belong to the user.
  init(_ path: String) throws(SpecGANError) {
    let status = try FileStatus(of: path)
    guard status.exists else {
      self = .free
      return
    }
    guard status.isFolder else { throw .occupied(path: path, reason: "is not a folder") }
    let names: [String]
    do throws(SpecGANError) { names = try Folder.entries(of: path) } catch {
      if error.systemFailure != nil { throw error }
      throw .occupied(path: path, reason: "is a folder that cannot be read")
    }
    self = names.isEmpty ? .free : .cache
    if names.isEmpty { return }
    let needed = [CacheLayout.record, CacheLayout.sources, CacheLayout.moments]
    guard needed.allSatisfy(names.contains) else {
      throw .occupied(path: path, reason: "is a folder that has files and is not a cache")
    }
    for name in names {
      if CacheLayout.owns(name), try Folder.isRegularFile("\(path)/\(name)") { continue }
      throw .foreignInCache(path: path, name: name)
    }
  }

  /// Returns `output` with links resolved and without trailing slashes.
  static func resolved(_ output: String) throws(SpecGANError) -> String {
    var path = output
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard try FileStatus(of: path).exists else { return path }
    guard let real = Folder.realPath(path) else {
      throw .occupied(path: output, reason: "is a broken symbolic link")
    }
    return real
  }
}
