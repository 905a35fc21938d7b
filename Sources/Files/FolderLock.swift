import Glibc

/// The right to write in a folder, held by one process at a time until it is dropped or the process ends.
///
/// Source: Linux man-pages, flock(2). Where a file system has no locks, nobody is refused.
public final class FolderLock: Sendable {
  private let descriptor: CInt

  /// Takes the lock of `folder`; nil where another holds it, or gave the name to another folder just now.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)`` where there is no such folder.
  public static func take(_ folder: String) throws(FileError) -> FolderLock? {
    let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .writing(folder) }
    let lock = FolderLock(descriptor: descriptor)
    let isHeldElsewhere = flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    let isStillThere = FileIdentity(ofDescriptor: descriptor) == FileStatus(of: folder).identity
    return isHeldElsewhere || !isStillThere ? nil : lock
  }

  private init(descriptor: CInt) { self.descriptor = descriptor }

  deinit {
    // Closing alone would leave it to a child of this process that has not become another program yet.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
