internal import Foundation
package import SpecGANErrors
internal import SpecGANFiles

/// The folders that were trained on a cache, as `runs.jsonl` in its folder lists them.
///
/// Preprocessing asks before it replaces a cache without which these cannot resume. The paths are
/// relative to the cache, so that both may be moved together. The file is no part of the cache's
/// contents: without it the cache is complete.
package enum CacheUsers {
  /// Adds `user` to the list of the cache in the folder `cache`, unless it is there.
  ///
  /// A cache that may not be written, such as one of another user, stays without the line.
  ///
  /// - Throws: ``SpecGANError`` if the list cannot be read or written for another reason.
  package static func add(_ user: String, to cache: String) throws(SpecGANError) {
    guard let path = Folder.relativePath(of: user, from: cache),
      try !paths(in: cache).contains(where: { $0.utf8.elementsEqual(path.utf8) }),
      let line = try? JSONEncoder.plain.encode(Line(path: path))
    else { return }
    do throws(SpecGANError) {
      try AppendOnlyFile.append(
        line: String(decoding: line, as: UTF8.self), toList: "\(cache)/\(CacheLayout.users)")
    } catch {
      if !error.isForbidden { throw error }
    }
  }

  /// Returns the listed folders that still exist, with links resolved.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  package static func folders(of cache: String) throws(SpecGANError) -> [String] {
    var folders: [String] = []
    for path in try paths(in: cache) {
      guard let folder = Folder.realPath("\(cache)/\(path)"), try Folder.isFolder(folder) else {
        continue
      }
      folders.append(folder)
    }
    return folders
  }

  /// Copies the list of the cache in the folder `cache` to `other`, a cache with the same contents.
  static func copy(from cache: String, to other: String) throws(SpecGANError) {
    let file = "\(cache)/\(CacheLayout.users)"
    let lines = try ifUsable { () throws(SpecGANError) in try MappedFile(path: file).contents }
    guard let lines else { return }
    try unsafe AtomicFile.replace("\(other)/\(CacheLayout.users)", with: lines.span.bytes)
  }

  private struct Line: Codable { let path: String }

  private static func paths(in cache: String) throws(SpecGANError) -> [String] {
    let lines = try ifUsable { () throws(SpecGANError) in
      try MappedFile(path: "\(cache)/\(CacheLayout.users)").contents
    }
    return (lines ?? []).split(separator: UInt8(ascii: "\n")).compactMap {
      (try? JSONDecoder().decode(Line.self, from: Data($0)))?.path
    }
  }
}

extension JSONEncoder {
  /// An encoder of one line.
  fileprivate static var plain: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
