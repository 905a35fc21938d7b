internal import Glibc

/// Which file of which file system: the same for every name that a file has.
struct FileIdentity: Hashable, Sendable {
  var device: UInt64 = 0
  var inode: UInt64 = 0
}

/// What lies at a path, and behind it where it is a link.
struct FileStatus: Sendable {
  private(set) var identity = FileIdentity()
  private(set) var byteCount = 0
  private(set) var isLink = false
  private var kind: mode_t?
  private var failure: CInt = 0

  init() {}

  init(of path: String) {
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
    identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    byteCount = Int(status.st_size)
    kind = status.st_mode & S_IFMT
  }

  /// Whether anything is there, be it a link to nothing.
  var exists: Bool { kind != nil || isLink }
  var isFolder: Bool { kind == S_IFDIR }
  var isRegular: Bool { kind == S_IFREG }

  /// Why this is no file to read: the rest of a sentence that the path begins.
  var problem: String? {
    switch kind {
    case nil where isLink: "is a link to nothing."
    case nil: "cannot be read: \(unsafe String(cString: strerror(failure)))."
    case S_IFREG: nil
    case S_IFDIR: "is a folder."
    case S_IFIFO: "is a named pipe, not a file."
    case S_IFSOCK: "is a socket, not a file."
    default: "is a device, not a file."
    }
  }
}

/// The bytes of the names in the folder at `path`, in their order, without `.` and `..`; `nil` where it
/// cannot be read, then `errno` says why.
func namesInFolder(_ path: String) -> [[UInt8]]? {
  guard let folder = unsafe opendir(path) else { return nil }
  defer { unsafe closedir(folder) }
  var names: [[UInt8]] = []
  while true {
    errno = 0  // the end of a folder and a failure differ in nothing else
    guard let entry = unsafe readdir(folder) else { break }
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe Array(bytes.prefix { $0 != 0 })
    }
    if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
  }
  guard errno == 0 else { return nil }
  return names.sorted { $0.lexicographicallyPrecedes($1) }
}

/// `path` without links, from the root on; `nil` where there is nothing.
func realPath(_ path: String) -> String? {
  guard let real = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(real) }
  return unsafe String(validatingCString: real)
}

/// What the last system call failed with.
func systemReason() -> String { unsafe String(cString: strerror(errno)) }
