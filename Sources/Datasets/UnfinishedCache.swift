internal import Files
internal import Glibc

/// The files of a cache that no longer is, or never became one.
enum UnfinishedCache {
  /// Folders that exchange their names to find out whether that is possible.
  static let probes = ["exchange-a", "exchange-b"]

  /// Deletes the files of a cache in the folder `path`, and the folder if nothing else is in it.
  static func remove(_ path: String) {
    empty(path)
    unsafe rmdir(path)
  }

  /// Deletes the files of a cache in the folder `path`, those in the making too.
  ///
  /// - Throws: ``DatasetError/occupied(path:reason:)`` where something else is there; then all of it stays.
  static func clear(_ path: String) throws(DatasetError) {
    let names = try withFiles { () throws(FileError) in try Folder.entries(of: path) }
    if let foreign = names.first(where: { !isOurs($0) }) {
      throw .occupied(path: path, reason: "holds \(foreign), which is no part of a cache")
    }
    empty(path)
  }

  private static func isOurs(_ name: String) -> Bool {
    probes.contains(name) || CacheLayout.owns(name) || AtomicFile.isTemporary(name)
  }

  private static func empty(_ path: String) {
    for name in (try? Folder.entries(of: path)) ?? [] {
      if probes.contains(name) { unsafe rmdir("\(path)/\(name)") }
      if CacheLayout.owns(name) || AtomicFile.isTemporary(name) { unsafe unlink("\(path)/\(name)") }
    }
  }
}
