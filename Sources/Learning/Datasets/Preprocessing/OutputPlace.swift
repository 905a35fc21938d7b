internal import SpecGANErrors
internal import SpecGANFiles

/// What is at an output's path.
enum OutputPlace {
  case free, cache

  /// - Throws: ``SpecGANError`` for anything that may be a user's.
  init(_ path: String) throws(SpecGANError) {
    let status = FileStatus(of: path)
    guard status.exists else {
      self = .free
      return
    }
    guard status.isFolder else { throw .occupied(path: path, reason: "is not a folder") }
    let names: [String]
    do throws(SpecGANError) { names = try Folder.entries(of: path) } catch {
      throw .occupied(path: path, reason: "is a folder that cannot be read")
    }
    self = names.isEmpty ? .free : .cache
    if names.isEmpty { return }
    let needed = [CacheLayout.record, CacheLayout.sources, CacheLayout.moments]
    guard needed.allSatisfy(names.contains) else {
      throw .occupied(path: path, reason: "is a folder with files in it and not a cache")
    }
    let foreign = names.first {
      !CacheLayout.owns($0) || !FileStatus(of: "\(path)/\($0)").isRegular
    }
    if let foreign {
      throw .occupied(path: path, reason: "is a cache that also holds \(foreign)")
    }
  }

  /// `output` without links and without slashes at its end.
  static func resolved(_ output: String) throws(SpecGANError) -> String {
    var path = output
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard FileStatus(of: path).exists else { return path }
    guard let real = Folder.realPath(path) else {
      throw .occupied(path: output, reason: "is a link to nothing")
    }
    return real
  }
}
