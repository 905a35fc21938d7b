internal import Glibc
internal import SpecGANErrors
internal import SpecGANFiles

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
  /// - Throws: ``SpecGANError`` where something else is there, by its name, and then all of it
  ///   stays; or where something could not be deleted.
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
    throw .occupied(path: path, reason: "holds \(foreign), which is no part of a cache")
  }

  private static func isProbe(_ name: String) -> Bool { probes.contains(name) }

  private static func isFile(_ name: String) -> Bool {
    CacheLayout.owns(name) || AtomicFile.isTemporary(name)
  }

  private static func empty(_ path: String) {
    for name in (try? Folder.entries(of: path)) ?? [] {
      if isProbe(name) { unsafe rmdir("\(path)/\(name)") }
      if isFile(name) { unsafe unlink("\(path)/\(name)") }
    }
  }
}
