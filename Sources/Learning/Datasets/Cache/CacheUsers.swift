internal import Foundation
internal import SpecGANErrors
internal import SpecGANFiles

/// The folders that were trained on a cache, as `runs.jsonl` in its folder lists them.
///
/// Preprocessing asks before it replaces a cache without which these cannot resume. The paths are
/// relative to the cache, so that both may be moved together. The file is no part of the cache's
/// contents: without it the cache is complete.
package enum CacheUsers {
  /// Adds `user` to the list of the cache in the folder `cache`, unless it is there.
  ///
  /// A cache that cannot be written, such as one of another user, stays without the line.
  package static func add(_ user: String, to cache: String) {
    guard let path = Folder.relativePath(of: user, from: cache),
      !paths(in: cache).contains(where: { $0.utf8.elementsEqual(path.utf8) }),
      let line = try? JSONEncoder.plain.encode(Line(path: path))
    else { return }
    do throws(SpecGANError) {
      try AppendOnlyFile(path: "\(cache)/\(CacheLayout.users)")
        .append(line: String(decoding: line, as: UTF8.self))
    } catch {}
  }

  /// Returns the listed folders that still exist, with links resolved.
  package static func folders(of cache: String) -> [String] {
    paths(in: cache).compactMap { Folder.realPath("\(cache)/\($0)") }.filter(Folder.isFolder)
  }

  /// Copies the list of the cache in the folder `cache` to `other`, a cache with the same contents.
  static func copy(from cache: String, to other: String) throws(SpecGANError) {
    let file = "\(cache)/\(CacheLayout.users)"
    guard Folder.isRegularFile(file), let lines = try? MappedFile(path: file).contents else {
      return
    }
    try unsafe AtomicFile.replace("\(other)/\(CacheLayout.users)", with: lines.span.bytes)
  }

  private struct Line: Codable { let path: String }

  private static func paths(in cache: String) -> [String] {
    let lines = (try? MappedFile(path: "\(cache)/\(CacheLayout.users)").contents) ?? []
    return lines.split(separator: UInt8(ascii: "\n")).compactMap {
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
