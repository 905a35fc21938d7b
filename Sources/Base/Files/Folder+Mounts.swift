internal import Foundation

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
