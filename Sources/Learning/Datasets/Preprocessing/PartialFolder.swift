internal import CSpecGANLinux
internal import Glibc
internal import SpecGANErrors
internal import SpecGANFiles

/// A cache in the making: a folder beside the output's place, put there whole.
///
/// A reader sees the old cache or the new one: where there is an old one, the two exchange their
/// names in one step. Runs for the same output make the same folder, and its lock lets in one at a
/// time. A folder that is dropped before `place()` leaves nothing; one that was killed leaves
/// itself, and the next run for the same output takes it over.
///
/// Source: Linux man-pages, rename(2), `RENAME_EXCHANGE`.
@safe struct PartialFolder: ~Copyable {
  /// Where the files are to be written.
  let path: String
  /// The name the folder will have, links followed.
  let output: String
  private let lock: FolderLock
  /// Whether what is at `path` is still this run's to delete.
  private var holdsPath = true

  private init(path: String, output: String, lock: FolderLock) {
    self.path = path
    self.output = output
    self.lock = lock
  }

  /// Makes the folder for a cache that is to be at `output`.
  ///
  /// - Throws: ``SpecGANError`` where another run is making it.
  static func make(for output: String) throws(SpecGANError) -> PartialFolder {
    let output = try OutputPlace.resolved(output)
    let place = try OutputPlace(output)
    guard !Folder.isMountPoint(output) else {
      throw .occupied(
        path: output,
        reason: "is where a file system is mounted, so that no new folder can take its place")
    }
    // A name that nobody gives a cache.
    let path = "\(Folder.parent(of: output))/.\(Folder.name(of: output)).partial"
    try Folder.create(Folder.parent(of: output))
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .writing(output) }
    let status = FileStatus(of: path)
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

  /// The folders that are being written or replaced, which are no inputs.
  var identities: Set<FileIdentity> {
    Set([path, output].map { FileStatus(of: $0) }.filter(\.isFolder).map(\.identity))
  }

  /// Gives the folder its name, and deletes the cache that had it.
  ///
  /// - Throws: ``SpecGANError``; then what was there is there still, but for
  ///   ``SpecGANError``.
  consuming func place() throws(SpecGANError) {
    try flush(path)
    // Another program may have put something here since this run began.
    switch try OutputPlace(output) {
    case .free:
      guard unsafe rename(path, output) == 0 else { throw .writing(output) }
    case .cache:
      // With the names exchanged the next run's folder is the old one, so that needs a lock too.
      let oldLock = try Self.takeLock(of: output, for: output)
      guard exchange(path, output) else { throw .writing(output) }
      UnfinishedCache.remove(path)
      withExtendedLifetime(oldLock) {}
    }
    holdsPath = false
    try flush(Folder.parent(of: output))
  }

  private static func takeLock(
    of folder: String, for output: String
  ) throws(SpecGANError) -> FolderLock {
    let lock = try FolderLock.take(folder)
    guard let lock else { throw .busy(path: output) }
    return lock
  }

  /// Finds out now, not after hours of work, whether `place()` will be possible.
  private func checkExchange() throws(SpecGANError) {
    let names = UnfinishedCache.probes.map { "\(path)/\($0)" }
    defer { for name in names { unsafe rmdir(name) } }
    for name in names {
      guard unsafe mkdir(name, 0o755) == 0 else { throw .writing(output) }
    }
    guard exchange(names[0], names[1]) else { throw .irreplaceable(path: output) }
  }

  private func flush(_ folder: String) throws(SpecGANError) {
    try Folder.flush(folder)
  }
}

/// Whether `first` and `second` now have each other's names.
private func exchange(_ first: String, _ second: String) -> Bool {
  let flags = UInt32(specgan_rename_exchange)
  return unsafe renameat2(AT_FDCWD, first, AT_FDCWD, second, flags) == 0
}
