import Glibc

/// Paths as users write them, and as files store them.
extension Folder {
  /// Returns `path` with the home folder in place of a `~` that is its first component.
  ///
  /// A shell replaces `~` only at the start of a word. In a configuration, or after `=`, it arrives
  /// unchanged.
  package static func expandingHome(_ path: String) -> String {
    guard path == "~" || path.utf8.starts(with: "~/".utf8), let home else { return path }
    return home + path.dropFirst()
  }

  /// The home folder: that of `HOME`, or the user's; nil if neither is known.
  private static var home: String? {
    if let home = unsafe getenv("HOME"), unsafe home.pointee != 0 {
      return unsafe String(cString: home)
    }
    guard let user = unsafe getpwuid(getuid()), let home = unsafe user.pointee.pw_dir else {
      return nil
    }
    return unsafe String(cString: home)
  }

  /// Returns `path` from the root, without `.` and empty components; links and `..` stay.
  package static func absolute(_ path: String) -> String {
    let start = path.utf8.first == UInt8(ascii: "/") ? "" : realPath(".") ?? ""
    return "/" + components(of: "\(start)/\(path)").joined(separator: "/")
  }

  /// Returns whether the file at `path` is, or would be, directly in `folder`.
  package static func isIn(_ folder: String, _ path: String) -> Bool {
    absolute(parent(of: path)) == absolute(folder)
  }

  /// Returns whether the file at `path` is, or would be, in `folder` or a folder above it. All of
  /// these exist once `folder` does.
  package static func isAlong(_ folder: String, _ path: String) -> Bool {
    let (parent, folder) = (
      components(of: absolute(parent(of: path))), components(of: absolute(folder))
    )
    return folder.starts(with: parent) { $0.utf8.elementsEqual($1.utf8) }
  }

  /// Returns whether `path` begins at the root.
  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == UInt8(ascii: "/") }

  /// Returns the components of `path`, without `.` and empty ones.
  package static func components(of path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
      .filter { $0 != "." }
  }

  /// Returns the path of `path` as seen from `folder`, so that both may be moved together; nil if
  /// one of them does not exist.
  package static func relativePath(of path: String, from folder: String) -> String? {
    guard let target = realPath(path), let start = realPath(folder) else { return nil }
    let (to, from) = (components(of: target), components(of: start))
    let common = zip(to, from).prefix { $0.utf8.elementsEqual($1.utf8) }.count
    let steps = [String](repeating: "..", count: from.count - common) + to.dropFirst(common)
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }
}

extension String {
  /// The extension of the file name in lower case, without the dot; empty if there is none.
  package var fileExtension: String {
    let name = utf8.split(separator: UInt8(ascii: "/")).last ?? Substring().utf8
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return "" }
    return String(Substring(name[name.index(after: dot)...])).lowercased()
  }
}
