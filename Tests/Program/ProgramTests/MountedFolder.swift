import Foundation
import SpecGANTestSupport
import Testing

/// A folder with a mounted file system, for the lifetime of this object.
final class MountedFolder {
  private let path: String
  private let folder: TemporaryFolder

  /// Whether tests that mount run: if the system allows it, or if all tests must run.
  static let areWanted: Bool = {
    if OutsideTools.mustAllRun { return true }
    return
      (try? withTemporaryFolder { folder in
        _ = try MountedFolder(tmpfs: 1, at: "", in: folder)
      }) != nil
  }()

  /// The reason for skipping them.
  static let reason: Comment = "only root may mount a file system, and not in every container"

  /// Mounts a small file system of `megabytes` at the folder `name`.
  init(tmpfs megabytes: Int, at name: String, in folder: TemporaryFolder) throws {
    self.folder = folder
    path = folder.path(name)
    try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "specgan-test", path)
  }

  /// Mounts the folder `name` read-only on itself.
  init(readOnly name: String, in folder: TemporaryFolder) throws {
    self.folder = folder
    path = folder.path(name)
    try run("mount", "--bind", path, path)
    try run("mount", "-o", "remount,bind,ro", path)
  }

  deinit { try? run("umount", path) }

  private func run(_ words: String...) throws {
    let script = words.map { "'\($0)'" }.joined(separator: " ")
    let result = try RunningProgram("/bin/sh", ["-c", script], in: folder).wait()
    if result.status != 0 { throw MountError(messages: result.messages) }
  }
}

/// The system's message for a failed mount.
private struct MountError: Error { let messages: String }
