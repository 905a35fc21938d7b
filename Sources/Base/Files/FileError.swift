import Glibc

/// Why a file could not be read or written.
public enum FileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Nothing is there.
  case notFound(path: String)
  /// It is there and cannot be read; `reason` is the system's.
  case unreadable(path: String, reason: String)
  /// It, or the folder it belongs in, cannot be written; `reason` is the system's.
  case unwritable(path: String, reason: String)
  /// Something cannot be added to it; `reason` is the system's.
  case unappendable(path: String, reason: String)
  /// It is written, but a power cut may undo that; `reason` is the system's.
  case unflushed(path: String, reason: String)

  /// A sentence: what, where, and what to do.
  public var description: String {
    switch self {
    case .notFound(let path):
      "\(path) does not exist; check the path."
    case .unreadable(let path, let reason):
      "\(path) cannot be read: \(reason); check what it is and its permissions."
    case .unwritable(let path, let reason):
      """
      \(path) cannot be written: \(reason); check the permissions and the space, or choose another \
      place.
      """
    case .unappendable(let path, let reason):
      "\(path) cannot be added to: \(reason); make room, or choose another place."
    case .unflushed(let path, let reason):
      "\(path) is written, but its folder cannot be flushed to disk: \(reason); write it again."
    }
  }

  /// What the last system call on `path`, made to read it, failed with.
  package static func reading(_ path: String) -> FileError {
    let reason = errno
    return [ENOENT, ENOTDIR].contains(reason)
      ? .notFound(path: path) : .unreadable(path: path, reason: systemReason(reason))
  }

  /// What the last system call on `path`, made to write it, failed with.
  package static func writing(_ path: String) -> FileError {
    .unwritable(path: path, reason: systemReason())
  }

  /// What the last system call on `path`, made to add to it, failed with.
  package static func appending(_ path: String) -> FileError {
    .unappendable(path: path, reason: systemReason())
  }

  /// What flushing the folder of `path` failed with.
  package static func flushing(_ path: String) -> FileError {
    .unflushed(path: path, reason: systemReason())
  }
}
