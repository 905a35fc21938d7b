import Glibc
package import SpecGANErrors

/// The right to write in a folder, held by one process at a time until it is dropped or the process
/// ends.
///
/// Source: Linux man-pages, flock(2). Where a file system has no locks, nobody is refused.
package final class FolderLock: Sendable {
  private let descriptor: CInt

  /// Takes the lock of `folder`; nil where another holds it, or gave the name to another folder
  /// just now.
  ///
  /// - Throws: ``SpecGANError`` where there is no such folder.
  package static func take(_ folder: String) throws(SpecGANError) -> FolderLock? {
    try take(folder, whereThereAreNone: true)
  }

  /// The same, but nil also where the file system has no locks, so that nobody can be told to be
  /// there.
  package static func takeForCertain(_ folder: String) throws(SpecGANError) -> FolderLock? {
    try take(folder, whereThereAreNone: false)
  }

  private static func take(
    _ folder: String, whereThereAreNone isGiven: Bool
  ) throws(SpecGANError) -> FolderLock? {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writing(folder) }
    let lock = FolderLock(descriptor: descriptor)
    let isRefused = flock(descriptor, LOCK_EX | LOCK_NB) != 0
    let isHeldElsewhere = isRefused && (errno == EWOULDBLOCK || !isGiven)
    let isStillThere = FileIdentity(ofDescriptor: descriptor) == FileStatus(of: folder).identity
    return isHeldElsewhere || !isStillThere ? nil : lock
  }

  private init(descriptor: CInt) { self.descriptor = descriptor }

  deinit {
    // Closing alone would leave it to a child of this process that has not become another program
    // yet.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
