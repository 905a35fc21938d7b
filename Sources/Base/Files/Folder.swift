internal import Foundation
import Glibc
package import SpecGANErrors

/// Functions on folders and paths.
package enum Folder {
  /// Returns the folder that contains `path`.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Returns the last component of `path`.
  package static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Creates the folder `path` and its parents if they do not exist.
  ///
  /// - Throws: ``SpecGANError`` if a file has that name, or a folder cannot be created.
  package static func create(_ path: String) throws(SpecGANError) {
    if try isFolder(path) { return }
    let above = parent(of: path)
    if above != path && above != "." { try create(above) }
    // A slash at the end makes the folder its own parent.
    if try isFolder(path) { return }
    if try exists(path) { throw .unwritable(path: path, reason: "it is not a folder") }
    if unsafe mkdir(path.inSystem, 0o777) == 0 { return }
    let error = SpecGANError.writing(path)
    guard error.errno == EEXIST, try isFolder(path) else { throw error }
  }

  /// Returns whether `path` is a folder, or a link to one.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func isFolder(_ path: String) throws(SpecGANError) -> Bool {
    try FileStatus(of: path).isFolder
  }

  /// Returns whether `path` is a regular file, or a link to one: not a folder, a pipe or a device.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func isRegularFile(_ path: String) throws(SpecGANError) -> Bool {
    try FileStatus(of: path).isRegular
  }

  /// Returns whether anything exists at `path`; a dangling link does not count.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func exists(_ path: String) throws(SpecGANError) -> Bool {
    let status = try FileStatus(of: path)
    return status.exists && !status.isDangling
  }

  /// Returns whether both paths exist and name the same file.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func areSame(_ first: String, _ second: String) throws(SpecGANError) -> Bool {
    let (first, second) = (try FileStatus(of: first), try FileStatus(of: second))
    return first.exists && second.exists && !first.isDangling && !second.isDangling
      && first.identity == second.identity
  }

  /// Returns the names in the folder `path`, sorted by their bytes, without `.` and `..`.
  ///
  /// - Throws: ``SpecGANError`` if the folder is missing or cannot be read.
  package static func entries(of path: String) throws(SpecGANError) -> [String] {
    try entryBytes(of: path).map { String(systemBytes: $0) }
  }

  /// Returns the names as ``entries(of:)`` does, but as bytes, which need not be UTF-8.
  package static func entryBytes(of path: String) throws(SpecGANError) -> [[UInt8]] {
    guard let folder = unsafe opendir(path.inSystem) else { throw .reading(path) }
    defer { unsafe closedir(folder) }
    var names: [[UInt8]] = []
    while true {
      errno = 0  // distinguishes the end from a failure
      guard let entry = unsafe readdir(folder) else { break }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe Array(bytes.prefix { $0 != 0 })
      }
      if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name) }
    }
    guard errno == 0 else { throw .reading(path) }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Returns the absolute path of `path` without links; nil if it does not exist.
  package static func realPath(_ path: String) -> String? {
    guard let real = unsafe realpath(path.inSystem, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(systemBytes: UnsafeRawBufferPointer(start: real, count: strlen(real)))
  }

  /// Removes the file at `path`, if it exists.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be removed.
  package static func remove(file path: String) throws(SpecGANError) {
    guard unsafe unlink(path.inSystem) == 0 || errno == ENOENT else { throw .writing(path) }
  }

  /// Removes the folder `path`, which contains only files.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, or something cannot be removed.
  package static func remove(files path: String) throws(SpecGANError) {
    for name in try entries(of: path) { try remove(file: "\(path)/\(name)") }
    guard unsafe rmdir(path.inSystem) == 0 || errno == ENOENT else { throw .writing(path) }
  }

  /// Removes the folder `path` if it exists and is empty.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be removed for another reason.
  package static func removeIfEmpty(_ path: String) throws(SpecGANError) {
    guard unsafe rmdir(path.inSystem) == 0 || [ENOENT, ENOTEMPTY, EEXIST].contains(errno) else {
      throw .writing(path)
    }
  }

  /// Flushes the folder `path` to disk, so that a rename in it survives a power cut.
  ///
  /// - Throws: ``SpecGANError`` if that fails.
  package static func flush(_ path: String) throws(SpecGANError) {
    let descriptor = uninterrupted {
      unsafe open(path.inSystem, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw .flushing(path) }
    defer { close(descriptor) }
    guard uninterrupted({ fsync(descriptor) }) == 0 else { throw .flushing(path) }
  }
}

extension Folder {
  /// Returns whether a file system is mounted at `path`, or at the target if it is a link; false if
  /// Linux does not list mounts.
  ///
  /// Source: Linux man-pages, proc(5), `/proc/[pid]/mountinfo`.
  package static func isMountPoint(_ path: String) -> Bool {
    guard let path = realPath(path),
      let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
    else { return false }
    let escaped = [("\\", #"\134"#), (" ", #"\040"#), ("\t", #"\011"#), ("\n", #"\012"#)]
      .reduce(path) { $0.replacing($1.0, with: $1.1) }
    return mounts.split(separator: "\n").contains { line in
      line.split(separator: " ").dropFirst(4).first.map { $0 == escaped } ?? false
    }
  }
}
