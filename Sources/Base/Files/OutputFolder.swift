internal import Foundation
internal import SpecGANChecksums
package import SpecGANErrors

/// A folder that a command fills with files, and that lists them in `manifest.json`.
///
/// A folder with files is refused, so that nothing is overwritten or mixed unasked. If it is to be
/// replaced, the files are removed that its manifest lists and that are as they were written. All
/// others belong to the user and stay; if one of them has the name of a file to write, the folder
/// is refused, before anything is removed.
package struct OutputFolder: Sendable {
  /// The name of the list.
  package static let manifestName = "manifest.json"

  /// The path of the folder.
  package let path: String
  private let names: [String]
  private let command: String
  /// The names of the earlier files that are removed.
  private let outdated: Set<String>

  /// Checks the folder at `path`, which may be missing; nothing is changed before ``begin()``.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - names: the names of the files to write.
  ///   - command: the command that writes them.
  ///   - isReplacing: whether earlier output of commands is removed.
  /// - Throws: ``SpecGANError`` if the folder has files that stay in the way, or cannot be read.
  package init(
    _ path: String, for names: [String], by command: String, replacing isReplacing: Bool
  ) throws(SpecGANError) {
    try Self.check(path, replacing: isReplacing)
    self.path = path
    self.names = names
    self.command = command
    let present = try Folder.isFolder(path) ? Folder.entries(of: path) : []
    let own = try Self.writtenNames(in: path, among: present)
    let needed = Set((names + [Self.manifestName]).map { Array($0.utf8) })
    if let foreign = present.first(where: { needed.contains(Array($0.utf8)) && !own.contains($0) })
    {
      throw .foreignOutput(path: "\(path)/\(foreign)")
    }
    outdated = own
  }

  /// Removes earlier files and those of commands that were killed, and creates the folder if it is
  /// missing.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be changed.
  package func begin() throws(SpecGANError) {
    // The list is replaced, not removed: without it, files that a kill leaves would be foreign.
    for name in outdated where name != Self.manifestName {
      try Folder.remove(file: "\(path)/\(name)")
    }
    try Folder.create(path)
    try AtomicFile.removeAbandoned(in: path)
    // Before the files, so that those of a command that is killed are known too.
    try write(Manifest(command: command, files: names.map { .init(name: $0) }))
  }

  /// Refuses `path` if it is a folder with files, unless it is to be replaced.
  ///
  /// - Throws: ``SpecGANError``.
  package static func check(_ path: String, replacing isReplacing: Bool) throws(SpecGANError) {
    guard !isReplacing, try Folder.isFolder(path),
      try Folder.entries(of: path).contains(where: { !AtomicFile.isTemporary($0) })
    else { return }
    throw .outputExists(path: path, isFolder: true)
  }

  /// Refuses the file `path` if it exists, unless it is to be replaced, and removes what a command
  /// that was killed has left beside it.
  ///
  /// - Throws: ``SpecGANError``.
  package static func check(file path: String, replacing isReplacing: Bool) throws(SpecGANError) {
    // Not in a folder that cannot be listed; the file may be written all the same.
    _ = try ifUsable { () throws(SpecGANError) in
      try AtomicFile.removeAbandoned(in: Folder.parent(of: path))
    }
    if !isReplacing, try Folder.isRegularFile(path) {
      throw .outputExists(path: path, isFolder: false)
    }
  }

  /// Completes the list when all files are written; without any, none is left.
  ///
  /// - Throws: ``SpecGANError`` if a file cannot be read, or the list cannot be written.
  package func finish() throws(SpecGANError) {
    var files: [Manifest.File] = []
    for name in names {
      guard try Folder.exists("\(path)/\(name)") else { continue }
      let checksum = try CRC32.ofFile("\(path)/\(name)").checksum.hexadecimal
      files.append(.init(name: name, checksum: checksum))
    }
    guard !files.isEmpty else { return try Folder.remove(file: "\(path)/\(Self.manifestName)") }
    try write(Manifest(command: command, files: files))
  }

  private func write(_ manifest: Manifest) throws(SpecGANError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(manifest) else { trap("a manifest is text") }
    try AtomicFile.replace(
      "\(path)/\(Self.manifestName)", with: String(decoding: text, as: UTF8.self) + "\n")
  }

  /// Returns those of the names `present` that the manifest lists and that have not changed, and
  /// the manifest; empty without one.
  private static func writtenNames(
    in path: String, among present: [String]
  ) throws(SpecGANError) -> Set<String> {
    let text = try ifUsable { () throws(SpecGANError) in
      try MappedFile(path: "\(path)/\(manifestName)").contents
    }
    guard let text, let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(text))
    else { return [] }
    let checksums = Dictionary(
      manifest.files.map { (Array($0.name.utf8), $0.checksum) }, uniquingKeysWith: { $1 })
    var written: Set<String> = []
    for name in present {
      if name == manifestName { written.insert(name) }
      let file = "\(path)/\(name)"
      guard let listed = checksums[Array(name.utf8)], try Folder.isRegularFile(file) else {
        continue
      }
      // A command that was killed has left no checksums.
      guard let checksum = listed else {
        written.insert(name)
        continue
      }
      let found = try ifUsable { () throws(SpecGANError) in try CRC32.ofFile(file).checksum }
      if found?.hexadecimal == checksum { written.insert(name) }
    }
    return written
  }

  private struct Manifest: Codable {
    struct File: Codable {
      let name: String
      /// The CRC-32; nil if the file was not complete.
      var checksum: String?
    }

    let command: String
    let files: [File]
  }
}
