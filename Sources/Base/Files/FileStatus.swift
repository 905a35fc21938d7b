import Glibc
package import SpecGANErrors

/// The identity of a file, by device and inode: the same for every name of the file.
package struct FileIdentity: Hashable, Sendable {
  private var device: UInt64 = 0
  private var inode: UInt64 = 0

  fileprivate init() {}

  fileprivate init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// Creates the identity of the file that `descriptor` has open; nil if it is not open.
  init?(ofDescriptor descriptor: CInt) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// The status of the file or folder at a path, and of the target if it is a link.
package struct FileStatus: Sendable {
  package private(set) var identity = FileIdentity()
  package private(set) var isLink = false
  /// The size of a file, in bytes.
  package private(set) var byteCount = 0
  /// The time of the last change of the contents, in s since 1970.
  package private(set) var modificationTime = 0.0
  private var kind: mode_t?
  private var failure: CInt = 0

  package init() {}

  /// Reads the status of `path`.
  ///
  /// - Throws: ``SpecGANError`` if the system fails, so that it is not known whether anything is
  ///   there. An entry that may not be looked at, and one that is missing, have no kind.
  package init(of path: String) throws(SpecGANError) {
    self.init(reading: path)
    guard failure != 0 else { return }
    let error = SpecGANError.unreadable(path: path, reason: systemReason(failure), errno: failure)
    if error.systemFailure != nil { throw error }
  }

  private init(reading path: String) {
    var status = stat()
    guard unsafe lstat(path.inSystem, &status) == 0 else {
      failure = errno
      return
    }
    isLink = status.st_mode & S_IFMT == S_IFLNK
    if isLink, unsafe stat(path.inSystem, &status) != 0 {
      failure = errno
      return
    }
    identity = FileIdentity(status)
    kind = status.st_mode & S_IFMT
    byteCount = Int(status.st_size)
    modificationTime = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  /// Whether anything exists at the path; a dangling link counts.
  package var exists: Bool { kind != nil || isLink }
  /// Whether it is a link whose target does not exist.
  package var isDangling: Bool { kind == nil && isLink }
  package var isFolder: Bool { kind == S_IFDIR }
  /// Whether it is a regular file, not a folder, a pipe or a device.
  package var isRegular: Bool { kind == S_IFREG }

  /// The reason why it cannot be read as a file, in words that follow the path; nil if it can.
  package var problem: String? {
    switch kind {
    case nil where isLink: "is a link to nothing; fix or delete it."
    case nil: "cannot be read: \(systemReason(failure)); check its permissions."
    case S_IFREG: nil
    case S_IFDIR: "is a folder; name a file."
    case S_IFIFO: "is a named pipe, not a file; leave it out."
    case S_IFSOCK: "is a socket, not a file; leave it out."
    default: "is a device, not a file; leave it out."
    }
  }
}
