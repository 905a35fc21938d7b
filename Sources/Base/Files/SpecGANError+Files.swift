import Glibc
package import SpecGANErrors

extension SpecGANError.Code {
  /// There is no such file or folder.
  package static let fileNotFound: Self = "files.notFound"
}

extension SpecGANError {
  /// There is nothing at `path`.
  package static func notFound(path: String) -> SpecGANError {
    SpecGANError(
      .missing, .fileNotFound, "\(path) does not exist", advice: "check the path.", path: path,
      errno: ENOENT)
  }

  /// The file at `path` is there and cannot be read; `reason` is the system's.
  package static func unreadable(
    path: String, reason: String, errno: Int32? = nil
  ) -> SpecGANError {
    SpecGANError(
      .unreadable, "files.unreadable", "\(path) cannot be read: \(reason)",
      advice: "check what it is and its permissions.", path: path, errno: errno)
  }

  /// The file at `path`, or the folder it belongs in, cannot be written; `reason` is the system's.
  package static func unwritable(
    path: String, reason: String, errno: Int32? = nil
  ) -> SpecGANError {
    SpecGANError(
      .unwritable, "files.unwritable", "\(path) cannot be written: \(reason)",
      advice: "check the permissions and the space, or choose another place.", path: path,
      errno: errno)
  }

  /// The last system call on `path`, made to read it, failed.
  package static func reading(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    return [ENOENT, ENOTDIR].contains(number)
      ? .notFound(path: path)
      : .unreadable(path: path, reason: systemReason(number), errno: number)
  }

  /// The last system call on `path`, made to write it, failed.
  package static func writing(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    return .unwritable(path: path, reason: systemReason(number), errno: number)
  }

  /// The last system call on `path`, made to append to it, failed.
  package static func appending(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    return SpecGANError(
      .unwritable, "files.unappendable", "\(path) cannot be added to: \(systemReason(number))",
      advice: "make room, or choose another place.", path: path, errno: number)
  }

  /// Flushing the folder of `path` failed: the file is written, but a power cut may undo that.
  package static func flushing(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    return SpecGANError(
      .unwritable, "files.unflushed",
      "\(path) is written, but its folder cannot be flushed to disk: \(systemReason(number))",
      advice: "write it again.", path: path, errno: number)
  }
}
