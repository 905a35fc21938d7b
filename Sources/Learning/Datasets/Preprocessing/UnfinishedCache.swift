internal import Glibc
internal import SpecGANErrors
internal import SpecGANFiles

/// The deletion of an unfinished or replaced cache.
enum UnfinishedCache {
  /// The names of two folders that test whether the file system can exchange folders.
  static let probes = ["exchange-a", "exchange-b"]

  /// Deletes the files of a cache in the folder `path`, and the folder if nothing else is in it;
  /// returns the system's reason if the folder stays.
  @discardableResult
  static func remove(_ path: String) -> String? {
    let reason = empty(path)
    if unsafe rmdir(path.inSystem) == 0 { return nil }
    return reason ?? systemReason()
  }

  /// Deletes the files of a cache in the folder `path`, including temporary ones.
  ///
  /// - Throws: ``SpecGANError`` if the folder contains any other name, before anything is deleted,
  ///   or if a file cannot be deleted.
  static func clear(_ path: String) throws(SpecGANError) {
    try refuse(path) { !isProbe($0) && !isFile($0) }
    empty(path)
    try refuse(path) { _ in true }
  }

  private static func refuse(
    _ path: String, where isForeign: (String) -> Bool
  ) throws(SpecGANError) {
    let names = try Folder.entries(of: path)
    guard let foreign = names.first(where: isForeign) else { return }
    throw .occupied(path: path, reason: "contains \(foreign), which is not part of a cache")
  }

  private static func isProbe(_ name: String) -> Bool { probes.contains(name) }

  private static func isFile(_ name: String) -> Bool {
    CacheLayout.owns(name) || AtomicFile.isTemporary(name)
  }

  /// Deletes the files and returns the first reason why one stays.
  @discardableResult
  private static func empty(_ path: String) -> String? {
    var reason: String?
    let names: [String]
    do throws(SpecGANError) { names = try Folder.entries(of: path) } catch {
      return error.errno.map { systemReason($0) }
    }
    for name in names {
      let file = "\(path)/\(name)"
      if isProbe(name), unsafe rmdir(file.inSystem) != 0 { reason = reason ?? systemReason() }
      if isFile(name), unsafe unlink(file.inSystem) != 0 { reason = reason ?? systemReason() }
    }
    return reason
  }
}
