import Glibc

/// Which file of which file system: the same for every name that a file has.
package struct FileIdentity: Hashable, Sendable {
  private var device: UInt64 = 0
  private var inode: UInt64 = 0

  fileprivate init() {}

  fileprivate init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }

  /// Which file the descriptor is open on; nil where it is none.
  init?(ofDescriptor descriptor: CInt) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }
}

/// What lies at a path, and behind it where it is a link.
package struct FileStatus: Sendable {
  package private(set) var identity = FileIdentity()
  package private(set) var isLink = false
  /// Bytes of a file.
  package private(set) var byteCount = 0
  private var kind: mode_t?
  private var failure: CInt = 0

  package init() {}

  package init(of path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      failure = errno
      return
    }
    isLink = status.st_mode & S_IFMT == S_IFLNK
    if isLink, unsafe stat(path, &status) != 0 {
      failure = errno
      return
    }
    identity = FileIdentity(status)
    kind = status.st_mode & S_IFMT
    byteCount = Int(status.st_size)
  }

  /// Whether anything is there, be it a link to nothing.
  package var exists: Bool { kind != nil || isLink }
  /// Whether it is a link, and nothing is behind it.
  package var isDangling: Bool { kind == nil && isLink }
  package var isFolder: Bool { kind == S_IFDIR }
  /// Whether it is a file of bytes, not a folder, a pipe or a device.
  package var isRegular: Bool { kind == S_IFREG }

  /// Why this is no file to read: the rest of a sentence that the path begins.
  package var problem: String? {
    switch kind {
    case nil where isLink: "is a link to nothing; mend it, or delete it."
    case nil: "cannot be read: \(systemReason(failure)); check its permissions."
    case S_IFREG: nil
    case S_IFDIR: "is a folder; name a file."
    case S_IFIFO: "is a named pipe, not a file; leave it out."
    case S_IFSOCK: "is a socket, not a file; leave it out."
    default: "is a device, not a file; leave it out."
    }
  }
}
