internal import CLinux
internal import Files
internal import Glibc

/// A cache in the making: a folder beside the output's place, put there whole.
///
/// A reader sees the old cache or the new one: where there is an old one, the two exchange their names
/// in one step. A folder that is dropped before `place()` leaves nothing; one that was killed leaves
/// itself, and the next run for the same output deletes it.
///
/// Source: Linux man-pages, rename(2), `RENAME_EXCHANGE`; flock(2).
@safe struct PartialFolder: ~Copyable {
  /// Where the files are to be written.
  let path: String
  /// The name the folder will have, links followed.
  let output: String
  private let lock: CInt
  private var isPlaced = false

  private init(path: String, output: String, lock: CInt) {
    self.path = path
    self.output = output
    self.lock = lock
  }

  /// Makes the folder for a cache that is to be at `output`.
  static func make(for output: String) throws(DatasetError) -> PartialFolder {
    let output = try resolved(output)
    let place = try OutputPlace(output)
    let path = "\(output).partial-\(getpid())"
    let folder = PartialFolder(path: path, output: output, lock: try makeFolder(path, for: output))
    if place == .cache { try folder.checkExchange() }
    return folder
  }

  deinit {
    if !isPlaced { removeCacheFiles(in: path) }
    close(lock)
  }

  /// The folders that are being written or replaced, which are no inputs.
  var identities: Set<FileIdentity> {
    Set([path, output].map { FileStatus(of: $0) }.filter(\.isFolder).map(\.identity))
  }

  /// Gives the folder its name, and deletes the cache that had it.
  ///
  /// - Throws: ``DatasetError``; then what was there is there still.
  consuming func place() throws(DatasetError) {
    try flush(path)
    // Another run may have put a cache here since this one began.
    while true {
      switch try OutputPlace(output) {
      case .free:
        if unsafe rename(path, output) == 0 {
          isPlaced = true
          return try flush(Folder.parent(of: output))
        }
        guard errno == EEXIST || errno == ENOTEMPTY else { throw .file(.writing(output)) }
      case .cache:
        // From here on `path` is the old cache, which deinit deletes.
        guard exchange(path, output) else { throw .file(.writing(output)) }
        return try flush(Folder.parent(of: output))
      }
    }
  }

  /// Finds out now, not after hours of work, whether `place()` will be possible.
  private func checkExchange() throws(DatasetError) {
    let names = ["\(path)/a", "\(path)/b"]
    defer { for name in names { unsafe rmdir(name) } }
    for name in names {
      guard unsafe mkdir(name, 0o755) == 0 else { throw .file(.writing(output)) }
    }
    guard exchange(names[0], names[1]) else { throw .irreplaceable(path: output) }
  }

  private func flush(_ folder: String) throws(DatasetError) {
    try withFiles { () throws(FileError) in try Folder.flush(folder) }
  }
}

/// Makes the folder `path`, after those that runs for `output` left behind are gone; returns its lock.
private func makeFolder(_ path: String, for output: String) throws(DatasetError) -> CInt {
  try withFiles { () throws(FileError) in
    try Folder.create(Folder.parent(of: output))
    try removeAbandoned(beside: output)
  }
  guard unsafe mkdir(path, 0o755) == 0 else {
    let isThere = errno == EEXIST
    throw isThere ? .busy(path: output) : .file(.writing(output))
  }
  let lock = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard lock >= 0 else { throw .file(.writing(path)) }
  // Where a file system has no locks, others do not get one either, and leave the folder alone.
  _ = flock(lock, LOCK_EX | LOCK_NB)
  return lock
}

/// What is at an output's path.
private enum OutputPlace {
  case free, cache

  /// - Throws: ``DatasetError/occupied(path:reason:)`` for anything that may be a user's.
  init(_ path: String) throws(DatasetError) {
    let status = FileStatus(of: path)
    guard status.exists else {
      self = .free
      return
    }
    guard status.isFolder else { throw .occupied(path: path, reason: "is not a folder") }
    guard let bytes = namesInFolder(path) else {
      throw .occupied(path: path, reason: "cannot be read: \(systemReason())")
    }
    let names = bytes.map { String(decoding: $0, as: UTF8.self) }
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
}

/// `output` without links and without slashes at its end.
private func resolved(_ output: String) throws(DatasetError) -> String {
  var path = output
  while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
  let status = FileStatus(of: path)
  guard status.exists || status.isLink else { return path }
  guard let real = realPath(path) else {
    throw .occupied(path: output, reason: "is a link to nothing")
  }
  return real
}

/// Whether `first` and `second` now have each other's names.
private func exchange(_ first: String, _ second: String) -> Bool {
  let flags = UInt32(specgan_rename_exchange)
  return unsafe renameat2(AT_FDCWD, first, AT_FDCWD, second, flags) == 0
}

/// Deletes what runs for `output` left behind that are no more.
private func removeAbandoned(beside output: String) throws(FileError) {
  let parent = Folder.parent(of: output)
  let prefix = "\(Folder.name(of: output)).partial-"
  for name in try Folder.entries(of: parent) where name.hasPrefix(prefix) {
    guard let process = pid_t(name.dropFirst(prefix.count)), process > 0 else { continue }
    let path = "\(parent)/\(name)"
    // A number alone proves little: another process may have been given it since.
    let isGone = process == getpid() || (kill(process, 0) != 0 && errno == ESRCH)
    if isGone, isUnlocked(path) { removeCacheFiles(in: path) }
  }
}

private func isUnlocked(_ path: String) -> Bool {
  let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
  guard folder >= 0 else { return false }
  defer { close(folder) }
  return flock(folder, LOCK_EX | LOCK_NB) == 0
}

/// Deletes the files of a cache in the folder `path`, and the folder if nothing else is in it.
private func removeCacheFiles(in path: String) {
  for bytes in namesInFolder(path) ?? [] {
    let name = String(decoding: bytes, as: UTF8.self)
    let whole = name.split(separator: ".partial-").first.map(String.init) ?? name
    if CacheLayout.owns(whole) { unsafe unlink("\(path)/\(name)") }
  }
  unsafe rmdir(path)
}
