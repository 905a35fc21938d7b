import Glibc
package import SpecGANErrors

/// A lock on a folder, held by one process at a time until it is deinitialized or the process ends.
///
/// Source: Linux man-pages, flock(2). On a file system without locks, ``take(_:)`` always succeeds.
package final class FolderLock: Sendable {
  private let descriptor: CInt

  /// Locks `folder`; returns nil if another process holds the lock, or the path now names another
  /// folder.
  ///
  /// - Throws: ``SpecGANError`` if the folder cannot be opened.
  package static func take(_ folder: String) throws(SpecGANError) -> FolderLock? {
    try take(folder, ifUnsupported: true)
  }

  /// Locks `folder` as ``take(_:)`` does, but also returns nil if the file system has no locks,
  /// because another process might then use the folder.
  ///
  /// - Throws: ``SpecGANError`` if the folder cannot be opened.
  package static func takeForCertain(_ folder: String) throws(SpecGANError) -> FolderLock? {
    try take(folder, ifUnsupported: false)
  }

  private static func take(
    _ folder: String, ifUnsupported isGranted: Bool
  ) throws(SpecGANError) -> FolderLock? {
    let descriptor = uninterrupted {
      unsafe open(folder.inSystem, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw .writing(folder) }
    let lock = FolderLock(descriptor: descriptor)
    let isRefused = flock(descriptor, LOCK_EX | LOCK_NB) != 0
    let isHeldElsewhere = isRefused && (errno == EWOULDBLOCK || !isGranted)
    guard let own = FileIdentity(ofDescriptor: descriptor) else { throw .reading(folder) }
    let isUnmoved = try own == FileStatus(of: folder).identity
    return isHeldElsewhere || !isUnmoved ? nil : lock
  }

  private init(descriptor: CInt) { self.descriptor = descriptor }

  deinit {
    // Closing alone would leave the lock to a child process between fork and exec.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
