import Glibc
package import SpecGANErrors
internal import Synchronization

/// A file in the making: written under a temporary name beside its own, and given its own name
/// whole.
///
/// A reader sees the old file or the new one, never a part: the bytes are on disk before the name
/// changes, and the folder is flushed after. A file that is dropped before `commit()` leaves
/// nothing.
@safe package struct AtomicFile: ~Copyable {
  /// The name the file will have.
  package let path: String
  private let temporaryPath: String
  private let descriptor: CInt
  private var isCommitted = false

  /// What a temporary name begins with, before its writer's process; the file's own name may be as
  /// long as the file system allows.
  private static let prefix = ".partial-"

  /// How many files this process has started, so that two writers of one path do not share a name.
  private static let started = Atomic(0)

  /// Starts a file that will replace whatever is at `path`.
  ///
  /// - Throws: ``SpecGANError`` where the folder is missing or not writable.
  package init(path: String) throws(SpecGANError) {
    (temporaryPath, descriptor) = try Self.open(for: path)
    self.path = path
  }

  /// A new file beside `path`: never one that is there, as processes of two containers may have one
  /// number.
  private static func open(
    for path: String
  ) throws(SpecGANError) -> (temporaryPath: String, descriptor: CInt) {
    guard !Folder.exists(path) || Folder.isRegularFile(path) else {
      throw .unwritable(path: path, reason: "it is there and not a regular file")
    }
    while true {
      let number = started.add(1, ordering: .relaxed).newValue
      let temporaryPath = "\(Folder.parent(of: path))/\(prefix)\(getpid())-\(number)"
      let descriptor = unsafe Glibc.open(
        temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return (temporaryPath, descriptor) }
      guard errno == EEXIST else { throw .writing(path) }
    }
  }

  deinit {
    close(descriptor)
    if !isCommitted { unsafe unlink(temporaryPath) }
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
  /// - Throws: ``SpecGANError``; then the old file is still there, whole;
  ///   or ``SpecGANError``, and then the new one is.
  package consuming func commit() throws(SpecGANError) {
    guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
      throw .writing(path)
    }
    isCommitted = true
    try Folder.flush(Folder.parent(of: path))
  }

  /// Removes from `folder` what processes that are no more had not finished.
  ///
  /// - Throws: ``SpecGANError`` where the folder cannot be read or changed.
  package static func removeAbandoned(in folder: String) throws(SpecGANError) {
    for name in try Folder.entries(of: folder) where isTemporary(name) {
      let process = name.dropFirst(prefix.count).prefix { $0 != "-" }
      guard let process = pid_t(process), kill(process, 0) != 0 && errno == ESRCH else { continue }
      try Folder.remove(file: "\(folder)/\(name)")
    }
  }

  /// Whether `name` is one that a file has while it is being written.
  package static func isTemporary(_ name: String) -> Bool { name.hasPrefix(prefix) }

  /// Writes `bytes` as the whole of `path`.
  ///
  /// - Throws: ``SpecGANError`` as ``commit()``.
  package static func replace(_ path: String, with bytes: RawSpan) throws(SpecGANError) {
    let file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }

  /// Writes the UTF-8 of `text` as the whole of `path`.
  ///
  /// - Throws: ``SpecGANError`` as ``commit()``.
  package static func replace(_ path: String, with text: String) throws(SpecGANError) {
    try unsafe replace(path, with: Array(text.utf8).span.bytes)
  }
}
