import Glibc

/// What we ask of folders.
public enum Folder {
  /// The folder that `path` lies in.
  public static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last component of `path`.
  public static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// Makes `path` and the folders above it, where they are not there yet.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``, also where a file has that name.
  public static func create(_ path: String) throws(FileError) {
    if isFolder(path) { return }
    let above = parent(of: path)
    if above != path && above != "." { try create(above) }
    guard unsafe mkdir(path, 0o755) == 0 || (errno == EEXIST && isFolder(path)) else {
      throw .writing(path)
    }
  }

  /// Whether `path` is a folder, or a link to one.
  public static func isFolder(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

  /// Whether `path` is a file of bytes, or a link to one: not a folder, a pipe or a device.
  public static func isRegularFile(_ path: String) -> Bool { kind(of: path) == S_IFREG }

  /// Whether anything is at `path`.
  public static func exists(_ path: String) -> Bool { kind(of: path) != nil }

  /// Whether both are there and are the same file, by whatever names.
  public static func areSame(_ first: String, _ second: String) -> Bool {
    var (one, other) = (stat(), stat())
    guard unsafe stat(first, &one) == 0, unsafe stat(second, &other) == 0 else { return false }
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// The names in `path`, in the order of their bytes, without `.` and `..`.
  ///
  /// - Throws: ``FileError`` where the folder is missing or cannot be read.
  public static func entries(of path: String) throws(FileError) -> [String] {
    guard let folder = unsafe opendir(path) else { throw .reading(path) }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .reading(path) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Removes the file at `path`; that there is none is no error.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  public static func remove(file path: String) throws(FileError) {
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw .writing(path) }
  }

  /// Brings the names in `path` to disk, so that a rename survives a power cut.
  ///
  /// - Throws: ``FileError/unflushed(path:reason:)``.
  public static func flush(_ path: String) throws(FileError) {
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .flushing(path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .flushing(path) }
  }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT
  }
}
