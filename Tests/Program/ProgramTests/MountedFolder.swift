import Foundation
import SpecGANTestSupport
import Testing

/// A folder that something else is mounted on, for as long as this lives.
final class MountedFolder {
  private let path: String
  private let folder: TemporaryFolder

  /// Whether tests that mount are to run: where the system lets us, or where all tests must run.
  static let areWanted: Bool = {
    if OutsideTools.mustAllRun { return true }
    return
      (try? withTemporaryFolder { folder in
        _ = try MountedFolder(tmpfs: 1, at: "", in: folder)
      }) != nil
  }()

  /// Why they do not run.
  static let reason: Comment = "only root may mount a file system, and not in every container"

  /// A small file system of `megabytes` at the folder `name`.
  init(tmpfs megabytes: Int, at name: String, in folder: TemporaryFolder) throws {
    self.folder = folder
    path = folder.path(name)
    try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "specgan-test", path)
  }

  /// The folder `name` itself, which nobody can write to.
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

/// Why a mount failed, in the system's words.
private struct MountError: Error { let messages: String }
