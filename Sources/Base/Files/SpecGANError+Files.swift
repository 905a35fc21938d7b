import Glibc
package import SpecGANErrors

extension SpecGANError.Code {
  /// The code of a missing file or folder.
  package static let fileNotFound: Self = "files.notFound"
}

extension SpecGANError {
  /// A failure of the system, which says nothing about the file that was asked for.
  package enum SystemFailure: Sendable {
    /// The system has no memory or no descriptors left.
    case refusal
    /// A disk, or a connection to one, failed.
    case inputOutput

    fileprivate init?(_ number: Int32) {
      switch number {
      case EMFILE, ENFILE, ENOMEM: self = .refusal
      case EIO, EREMOTEIO, ESTALE, ENOTCONN, ETIMEDOUT, EHOSTDOWN: self = .inputOutput
      default: return nil
      }
    }
  }

  /// The failure of the system that this error, or its cause, reports; nil for other errors.
  package var systemFailure: SystemFailure? {
    errno.flatMap(SystemFailure.init) ?? cause?.systemFailure
  }

  /// Whether this process may not write the file, or nobody may.
  package var isForbidden: Bool { [EACCES, EPERM, EROFS].contains(errno) }

  /// Nothing exists at `path`.
  package static func notFound(path: String) -> SpecGANError {
    guard !path.isEmpty else {
      return SpecGANError(
        .missing, .fileNotFound, "A path is empty", advice: "give a file or a folder.", path: path,
        errno: ENOENT)
    }
    return SpecGANError(
      .missing, .fileNotFound, "\(path) does not exist", advice: "check the path.", path: path,
      errno: ENOENT)
  }

  /// The existing file at `path` cannot be read; `reason` says why, usually in the system's words.
  package static func unreadable(
    path: String, reason: String, errno: Int32? = nil
  ) -> SpecGANError {
    SpecGANError(
      .unreadable, "files.unreadable", "\(path) cannot be read: \(reason)",
      advice: systemAdvice(errno) ?? "check its type and permissions.", path: path, errno: errno)
  }

  /// The file at `path`, or its folder, cannot be written; `reason` says why, usually in the
  /// system's words.
  package static func unwritable(
    path: String, reason: String, errno: Int32? = nil
  ) -> SpecGANError {
    SpecGANError(
      .unwritable, "files.unwritable", "\(path) cannot be written: \(reason)",
      advice: systemAdvice(errno)
        ?? "check the permissions and the free space, or choose another path.", path: path,
      errno: errno)
  }

  /// The output `path` exists, or is a folder with files.
  package static func outputExists(path: String, isFolder: Bool) -> SpecGANError {
    SpecGANError(
      .occupied, "files.outputExists",
      isFolder ? "\(path) contains files already" : "\(path) exists already",
      advice: "choose another output, or move it.", path: path)
  }

  /// The folder `path` has files but no manifest of that name, so that no command wrote it.
  package static func foreignFolder(path: String, manifest: String) -> SpecGANError {
    SpecGANError(
      .occupied, "files.foreignFolder",
      "\(path) contains files, but no \(manifest), the list that specgan writes of its output",
      advice: "choose another output, or move the folder.", path: path)
  }

  /// The file at `path` would be overwritten, but no command wrote it as it is.
  package static func foreignOutput(path: String) -> SpecGANError {
    SpecGANError(
      .occupied, "files.foreignOutput",
      "\(path) would be overwritten, but this command did not write it, or it has changed",
      advice: "move it, or choose another output.", path: path)
  }

  /// Returns the error that two outputs would be the same file.
  package static func writtenTwice(path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "files.writtenTwice",
      "\(path) would be written twice, with different contents",
      advice: "give one of them another name.", path: path)
  }

  /// Returns the error that an input would be overwritten or removed.
  package static func overwritesInput(path: String) -> SpecGANError {
    SpecGANError(
      .misuse, "files.overwritesInput",
      "\(path) would be overwritten, and is an input",
      advice: "choose another output.", path: path)
  }

  /// Returns the remedy for a failure of the system; nil for other errors.
  private static func systemAdvice(_ number: Int32?) -> String? {
    guard let number, let failure = SystemFailure(number) else { return nil }
    switch (failure, number) {
    case (.inputOutput, _): return "check the disk and its connection."
    case (_, EMFILE): return "raise the limit of open files (ulimit -n)."
    case (_, ENFILE): return "close other programs, which have too many files open."
    default: return "free memory, or raise its limit (ulimit -v)."
    }
  }

  /// The last system call, a read of `path`, failed.
  package static func reading(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    if [ENOENT, ENOTDIR].contains(number) { return .notFound(path: path) }
    return .unreadable(path: path, reason: systemReason(number), errno: number)
  }

  /// The last system call, a write to `path`, failed.
  package static func writing(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    return .unwritable(path: path, reason: systemReason(number), errno: number)
  }

  /// The last system call, an append to `path`, failed.
  package static func appending(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    return SpecGANError(
      .unwritable, "files.unappendable", "\(path) cannot be appended to: \(systemReason(number))",
      advice: "free disk space, or choose another path.", path: path, errno: number)
  }

  /// The folder of `path` cannot be flushed: the file is written, but a power cut may undo that.
  package static func flushing(_ path: String) -> SpecGANError {
    let number = Glibc.errno
    return SpecGANError(
      .unwritable, "files.unflushed",
      "\(path) is written, but its folder cannot be flushed to disk: \(systemReason(number))",
      advice: "write it again.", path: path, errno: number)
  }
}

/// Returns the result of `body`; nil if that which it reads is missing or cannot be used.
///
/// - Throws: the error of `body` if the system failed, which says nothing about the file.
package func ifUsable<Result>(
  _ body: () throws(SpecGANError) -> Result
) throws(SpecGANError) -> Result? {
  do throws(SpecGANError) { return try body() } catch {
    if error.systemFailure != nil { throw error }
    return nil
  }
}

/// Returns the system's description of error `code`, by default of the last system call.
package func systemReason(_ code: CInt = errno) -> String {
  unsafe String(cString: strerror(code))
}
