import Glibc
package import SpecGANErrors
internal import Synchronization

/// A file that is written under a temporary name and renamed when it is complete.
///
/// A reader sees the old file or the new one, never a part: the bytes are on disk before the name
/// changes, and the folder is flushed after. If a file is released before `commit()`, nothing
/// remains of it.
@safe package struct AtomicFile: ~Copyable {
  /// The name the file will have.
  package let path: String
  private let temporaryPath: String
  private let descriptor: CInt
  private var isCommitted = false

  /// The start of a temporary name; the file's own name is not part of it, as it may be as long as
  /// the file system allows.
  private static let prefix = ".partial-"

  /// The number of files this process has started, so that two writers of one path do not share a
  /// name.
  private static let started = Atomic(0)

  /// Creates a temporary file that will replace the file at `path`.
  ///
  /// - Throws: ``SpecGANError`` if the folder is missing or not writable.
  package init(path: String) throws(SpecGANError) {
    (temporaryPath, descriptor) = try Self.open(for: path)
    self.path = path
  }

  /// Creates and locks a file beside `path`, under a name that no other file has.
  ///
  /// The lock tells ``removeAbandoned(in:)`` of any process, also in another container, that the
  /// file is being written.
  private static func open(
    for path: String
  ) throws(SpecGANError) -> (temporaryPath: String, descriptor: CInt) {
    let there = try FileStatus(of: path)
    guard !there.exists || there.isDangling || there.isRegular else {
      throw .unwritable(path: path, reason: "it is there and not a regular file")
    }
    while true {
      let number = started.add(1, ordering: .relaxed).newValue
      let temporaryPath = "\(Folder.parent(of: path))/\(prefix)\(getpid())-\(number)"
      let descriptor = uninterrupted {
        unsafe Glibc.open(
          temporaryPath.inSystem, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      }
      guard descriptor >= 0 else {
        guard errno == EEXIST else { throw .writing(path) }
        continue
      }
      let isLockedElsewhere = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
      // Before the lock was taken, another process may have removed the file as abandoned.
      var status = stat()
      let isKnown = unsafe fstat(descriptor, &status) == 0
      guard isLockedElsewhere || isKnown else {
        let error = SpecGANError.writing(path)
        unsafe unlink(temporaryPath.inSystem)
        close(descriptor)
        throw error
      }
      if !isLockedElsewhere, status.st_nlink > 0 { return (temporaryPath, descriptor) }
      close(descriptor)
    }
  }

  deinit {
    // Before the lock is given up, so that the name is still this file's.
    if !isCommitted { unsafe unlink(temporaryPath.inSystem) }
    close(descriptor)
  }

  /// Appends `bytes`.
  ///
  /// - Throws: ``SpecGANError``, for instance on a full disk.
  package func write(_ bytes: RawSpan) throws(SpecGANError) {
    guard writeAll(bytes, to: descriptor) else { throw .writing(path) }
  }

  /// Appends the UTF-8 of `text`.
  ///
  /// - Throws: ``SpecGANError``.
  package func write(_ text: String) throws(SpecGANError) {
    try unsafe write(Array(text.utf8).span.bytes)
  }

  /// Flushes the file to disk and gives it its name.
  ///
  /// - Throws: ``SpecGANError``. If the file cannot be renamed, the old one is still intact; if
  ///   only the folder cannot be flushed, the new one has its name.
  package consuming func commit() throws(SpecGANError) {
    guard uninterrupted({ fsync(descriptor) }) == 0,
      unsafe rename(temporaryPath.inSystem, path.inSystem) == 0
    else { throw .writing(path) }
    isCommitted = true
    try Folder.flush(Folder.parent(of: path))
  }

  /// Checks that a file can be written at `path`; nothing is changed.
  ///
  /// - Throws: ``SpecGANError`` as in ``init(path:)``.
  package static func check(_ path: String) throws(SpecGANError) {
    try AtomicFile(path: path).discard()
  }

  private consuming func discard() throws(SpecGANError) {
    guard unsafe unlink(temporaryPath.inSystem) == 0 else { throw .writing(path) }
    isCommitted = true
  }

  /// Removes the temporary files in `folder` that no process is writing.
  ///
  /// On a file system without locks they stay.
  ///
  /// Source: Linux man-pages, flock(2).
  /// - Throws: ``SpecGANError`` if the folder cannot be read or changed.
  package static func removeAbandoned(in folder: String) throws(SpecGANError) {
    for name in try Folder.entries(of: folder) where isTemporary(name) {
      let path = "\(folder)/\(name)"
      let flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
      let descriptor = uninterrupted { unsafe Glibc.open(path.inSystem, flags) }
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
      try Folder.remove(file: path)
    }
  }

  /// Returns whether `name` is that of a temporary file: the prefix and two numbers.
  package static func isTemporary(_ name: String) -> Bool {
    guard name.hasPrefix(prefix) else { return false }
    let numbers = name.dropFirst(prefix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    return numbers.count == 2 && numbers.allSatisfy { Int($0) != nil }
  }

  /// Writes `bytes` as the whole of `path`.
  ///
  /// - Throws: ``SpecGANError`` as in ``commit()``.
  package static func replace(_ path: String, with bytes: RawSpan) throws(SpecGANError) {
    let file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes the UTF-8 of `text` as the whole of `path`.
  ///
  /// - Throws: ``SpecGANError`` as in ``commit()``.
  package static func replace(_ path: String, with text: String) throws(SpecGANError) {
    try unsafe replace(path, with: Array(text.utf8).span.bytes)
  }
}
