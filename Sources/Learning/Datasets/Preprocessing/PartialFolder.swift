internal import CSpecGANLinux
internal import Glibc
internal import SpecGANErrors
internal import SpecGANFiles

/// The folder of an unfinished cache, next to the output, which replaces the output when complete.
///
/// A reader sees either the old cache or the new one, because the two folders exchange their names
/// atomically. All runs for one output use the same partial folder, and its lock admits one run at
/// a time. If the value is dropped before `place()`, the folder is deleted. If the process is
/// killed, the folder stays, and the next run for the same output clears and uses it.
///
/// Source: Linux man-pages, rename(2), `RENAME_EXCHANGE`.
@safe struct PartialFolder: ~Copyable {
  /// The folder that the files are written to.
  let path: String
  /// The path of the complete cache, with links resolved.
  let output: String
  private let lock: FolderLock
  /// Whether this run has to delete the folder at `path`.
  private var holdsPath = true

  private init(path: String, output: String, lock: FolderLock) {
    self.path = path
    self.output = output
    self.lock = lock
  }

  /// Creates the folder for a cache that will be at `output`.
  ///
  /// - Throws: ``SpecGANError`` if another run writes to `output`, if there is something other than
  ///   a cache or an empty folder, or if the folder cannot be created or later exchanged.
  static func make(for output: String) throws(SpecGANError) -> PartialFolder {
    let output = try OutputPlace.resolved(output)
    let place = try OutputPlace(output)
    guard !Folder.isMountPoint(output) else {
      throw .occupied(
        path: output,
        reason: "is a mount point, which a new folder cannot replace")
    }
    // A hidden name that no user is likely to give a cache.
    let path = "\(Folder.parent(of: output))/.\(Folder.name(of: output)).partial"
    try Folder.create(Folder.parent(of: output))
    guard unsafe mkdir(path.inSystem, 0o777) == 0 || errno == EEXIST else { throw .writing(output) }
    let status = try FileStatus(of: path)
    guard status.isFolder, !status.isLink else {
      throw .occupied(path: path, reason: "is not a folder")
    }
    let lock = try takeLock(of: path, for: output)
    try UnfinishedCache.clear(path)
    let folder = PartialFolder(path: path, output: output, lock: lock)
    if place == .cache { try folder.checkExchange() }
    return folder
  }

  deinit { if holdsPath { UnfinishedCache.remove(path) } }

  /// The folders that are written or replaced, which must not be read as inputs.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  func identities() throws(SpecGANError) -> Set<FileIdentity> {
    let statuses = [try FileStatus(of: path), try FileStatus(of: output)]
    return Set(statuses.filter(\.isFolder).map(\.identity))
  }

  /// Moves the folder to `output`, and deletes the cache that was there.
  ///
  /// - Returns: a warning if the old cache cannot be deleted; nil otherwise.
  /// - Throws: ``SpecGANError`` if the files cannot be flushed, another program or run uses
  ///   `output`, or the folder cannot be moved; `output` is then unchanged. Also if the parent
  ///   folder cannot be flushed; the new cache is then in place.
  consuming func place() throws(SpecGANError) -> String? {
    var warning: String?
    try Folder.flush(path)
    // Another program may have created something here since this run began.
    switch try OutputPlace(output) {
    case .free:
      guard unsafe rename(path.inSystem, output.inSystem) == 0 else { throw .writing(output) }
    case .cache:
      // After the exchange the old cache has the name of the next run's partial folder, so it needs
      // a lock too.
      let oldLock = try Self.takeLock(of: output, for: output)
      guard exchange(path, output) else { throw .writing(output) }
      if let reason = UnfinishedCache.remove(path) {
        warning = "\(path), the old cache, cannot be deleted: \(reason); the next run deletes it."
      }
      withExtendedLifetime(oldLock) {}
    }
    holdsPath = false
    try Folder.flush(Folder.parent(of: output))
    return warning
  }

  private static func takeLock(
    of folder: String, for output: String
  ) throws(SpecGANError) -> FolderLock {
    let lock = try FolderLock.take(folder)
    guard let lock else { throw .busy(path: output) }
    return lock
  }

  /// Checks that `place()` will be possible, so that a run does not fail after hours of work.
  ///
  /// - Throws: ``SpecGANError`` if the file system cannot exchange two folders.
  private func checkExchange() throws(SpecGANError) {
    let names = UnfinishedCache.probes.map { "\(path)/\($0)" }
    // After an error the whole folder is deleted, with what is left of them.
    for name in names {
      guard unsafe mkdir(name.inSystem, 0o777) == 0 else { throw .writing(output) }
    }
    guard exchange(names[0], names[1]) else {
      let error = SpecGANError.writing(output)
      // As rename(2) says of file systems and kernels without the exchange.
      let isUnknown = [EINVAL, ENOSYS, EOPNOTSUPP].contains(error.errno)
      throw isUnknown ? .irreplaceable(path: output) : error
    }
    // Otherwise they would become part of the cache.
    for name in names {
      guard unsafe rmdir(name.inSystem) == 0 else { throw .writing(output) }
    }
  }
}

/// Exchanges the names of `first` and `second` atomically; returns whether that succeeded.
private func exchange(_ first: String, _ second: String) -> Bool {
  let flags = UInt32(specgan_rename_exchange)
  return unsafe renameat2(
    AT_FDCWD, first.inSystem, AT_FDCWD, second.inSystem, flags) == 0
}
