internal import Foundation
internal import SpecGANChecksums
package import SpecGANErrors

/// A folder that a command fills with files, and that lists them in `manifest.jsonl`.
///
/// A folder with files is refused, so that nothing is overwritten or mixed unasked. A folder with
/// files but without a manifest is no earlier output, and always refused. If an earlier output is
/// to be replaced, the files are removed that its manifest lists, that the same command wrote, and
/// that are as they were written. All others stay; if one of them has the name of a file to write,
/// the folder is refused, before anything is removed. So is it if a file to remove is an input.
///
/// A name may have folders before it, as `Kick/kick 01.wav`. These are created when a file in them
/// is announced, and removed with the last file in them. A link to a folder is not entered: it is
/// in the way like any other file, and nothing behind it is removed.
///
/// A file is announced in the list before it is written, and listed with its checksum when it is
/// complete, so that the list also holds after a command was killed or has failed. A file without a
/// checksum was written by the command only if that was within a minute of the last line of the
/// list.
package struct OutputFolder: Sendable {
  /// The name of the list.
  package static let manifestName = "manifest.jsonl"

  /// The path of the folder.
  package let path: String
  private let names: [String]
  private let command: String
  private let inputs: [String]
  /// The bytes of the names that are listed.
  private var listed: Set<[UInt8]> = []
  /// Whether the list also has files of other commands.
  private var hasOthers = false

  /// Checks the folder at `path`, which may be missing; nothing is changed before ``begin()``.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - names: the names of the files to write, as paths below the folder.
  ///   - command: the command that writes them.
  ///   - inputs: the files that the command reads.
  ///   - isReplacing: whether earlier output of commands is removed.
  /// - Throws: ``SpecGANError`` if the folder has files and no manifest, or files that stay in the
  ///   way, an input would be removed, two files would have one name, or the folder cannot be read.
  /// - Precondition: no name leads out of the folder.
  package init(
    _ path: String, for names: [String], by command: String, reading inputs: [String] = [],
    replacing isReplacing: Bool
  ) throws(SpecGANError) {
    try Self.check(path, replacing: isReplacing)
    (self.path, self.names, self.command, self.inputs) = (path, names, command, inputs)
    var unique: Set = [Array(Self.manifestName.utf8)]
    for name in names {
      require(Self.isInside(name), "the name \(name) leads out of its folder")
      if !unique.insert(Array(name.utf8)).inserted {
        throw .writtenTwice(path: "\(path)/\(name)")
      }
    }
    _ = try outdated()
  }

  /// Removes earlier files and the temporary ones of commands that were killed, creates the folder
  /// if it is missing, and announces all files if `announcesAll`, for a command that writes them
  /// soon; others call ``announce(_:)``.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be changed, or by now has files that stay in the way.
  package mutating func begin(announcesAll: Bool = true) throws(SpecGANError) {
    // Again, because a user may have changed a file while the command worked.
    let outdated = try outdated()
    for name in outdated { try Folder.remove(file: "\(path)/\(name)") }
    try Folder.create(path)
    try AtomicFile.removeAbandoned(in: path)
    for folder in try innerFolders().reversed() {
      try AtomicFile.removeAbandoned(in: "\(path)/\(folder)")
      try Folder.removeIfEmpty("\(path)/\(folder)")
    }
    // The earlier list stays until now, so that it holds if the removal fails.
    let others = try (rows() ?? []).filter { $0.command != command }
    try AtomicFile.replace(
      "\(path)/\(Self.manifestName)", with: others.map { $0.text + "\n" }.joined())
    (listed, hasOthers) = ([], !others.isEmpty)
    if announcesAll { try announce(names) }
  }

  /// Announces those of the files `names` that are not listed, which are written next, and creates
  /// their folders.
  ///
  /// - Throws: ``SpecGANError`` if a folder cannot be created or the list cannot be written.
  package func announce(_ names: [String]) throws(SpecGANError) {
    let unlisted = names.filter { !listed.contains(Array($0.utf8)) }
    for folder in Self.folders(of: unlisted) { try Folder.create("\(path)/\(folder)") }
    let rows = unlisted.map { Row(command: command, name: $0, checksum: nil).text }
    guard !rows.isEmpty else { return }
    try AppendOnlyFile(path: "\(path)/\(Self.manifestName)")
      .append(line: rows.joined(separator: "\n"))
  }

  /// Announces all files that are not listed; see ``announce(_:)``.
  ///
  /// - Throws: ``SpecGANError`` if the list cannot be written.
  package func announceRest() throws(SpecGANError) { try announce(names) }

  /// Lists those of the files `names` that exist and are not listed.
  ///
  /// - Throws: ``SpecGANError`` if one cannot be read, or the list cannot be written.
  package mutating func list(_ names: [String]) throws(SpecGANError) {
    let manifest = try AppendOnlyFile(path: "\(path)/\(Self.manifestName)")
    for name in names where !listed.contains(Array(name.utf8)) {
      let file = "\(path)/\(name)"
      guard try Folder.isRegularFile(file) else { continue }
      let checksum = try CRC32.ofFile(file).checksum.hexadecimal
      try manifest.append(line: Row(command: command, name: name, checksum: checksum).text)
      listed.insert(Array(name.utf8))
    }
  }

  /// Lists all files. Without any, no list is left, unless the folder has other files.
  ///
  /// - Throws: ``SpecGANError`` if a file cannot be read, or the list cannot be written.
  package mutating func finish() throws(SpecGANError) {
    try list(names)
    guard listed.isEmpty && !hasOthers else { return }
    // Without the list, a folder with files would be refused.
    if try Folder.entries(of: path).allSatisfy({ $0 == Self.manifestName }) {
      try Folder.remove(file: "\(path)/\(Self.manifestName)")
    }
  }

  /// Refuses `path` if it is a folder with files but without a manifest, or an earlier output that
  /// is not to be replaced. The empty list of a command that failed before its first file does not
  /// count.
  ///
  /// - Throws: ``SpecGANError``.
  package static func check(_ path: String, replacing isReplacing: Bool) throws(SpecGANError) {
    guard try Folder.isFolder(path) else { return }
    let names = try Folder.entries(of: path).filter { !AtomicFile.isTemporary($0) }
    if names.isEmpty { return }
    guard names.contains(Self.manifestName) else {
      throw .foreignFolder(path: path, manifest: Self.manifestName)
    }
    if isReplacing { return }
    if names == [Self.manifestName] {
      let text = try ifUsable { () throws(SpecGANError) in
        try MappedFile(path: "\(path)/\(Self.manifestName)").contents
      }
      if text?.isEmpty == true { return }
    }
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

  // MARK: - Earlier files

  /// Returns the names of the earlier files that the list has and that have not changed.
  ///
  /// - Throws: ``SpecGANError`` if another file is in the way, or one of them is an input.
  private func outdated() throws(SpecGANError) -> [String] {
    var present = try Folder.isFolder(path) ? Folder.entries(of: path) : []
    guard !present.isEmpty else { return [] }
    guard let rows = try rows() else { throw .foreignOutput(path: "\(path)/\(Self.manifestName)") }
    for folder in try innerFolders() {
      present += try Folder.entries(of: "\(path)/\(folder)").map { "\(folder)/\($0)" }
    }
    let own = rows.filter { $0.command == command }.map { (Array($0.name.utf8), $0) }
    let lines = Dictionary(own, uniquingKeysWith: { $1 })
    let needed = Set(names.map { Array($0.utf8) })
    var outdated: [String] = []
    for name in present where name != Self.manifestName {
      let (bytes, file) = (Array(name.utf8), "\(path)/\(name)")
      if let row = lines[bytes], try isAsWritten(file, row) {
        outdated.append(name)
      } else if needed.contains(bytes) {
        throw .foreignOutput(path: file)
      }
    }
    try checkInputs(outdated)
    return outdated
  }

  /// Returns the folders below the folder that exist and hold listed files or files to write, outer
  /// ones first.
  ///
  /// - Throws: ``SpecGANError`` if another file has the name of a folder to create.
  private func innerFolders() throws(SpecGANError) -> [String] {
    let needed = Set(Self.folders(of: names).map { Array($0.utf8) })
    let listed = try rows()?.filter { $0.command == command }.map(\.name) ?? []
    var folders: [String] = []
    for folder in Self.folders(of: names + listed.filter(Self.isInside)) {
      let outer = Folder.parent(of: folder)
      let isReached = folders.contains { $0.utf8.elementsEqual(outer.utf8) }
      guard outer == "." || isReached else { continue }
      let status = try FileStatus(of: "\(path)/\(folder)")
      if status.isFolder && !status.isLink {
        folders.append(folder)
      } else if status.exists && needed.contains(Array(folder.utf8)) {
        throw .foreignOutput(path: "\(path)/\(folder)")
      }
    }
    return folders
  }

  /// Returns the folders of `names`, each once, outer ones first.
  private static func folders(of names: [String]) -> [String] {
    var known: Set<[UInt8]> = []
    var folders: [String] = []
    for name in names {
      var folder = Folder.parent(of: name)
      while folder != ".", known.insert(Array(folder.utf8)).inserted {
        folders.append(folder)
        folder = Folder.parent(of: folder)
      }
    }
    return folders.sorted { $0.utf8.count < $1.utf8.count }
  }

  /// Returns whether `name` is that of a file in the folder, or in one below it.
  private static func isInside(_ name: String) -> Bool {
    name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
  }

  /// Returns whether the file at `path` is as the command left it that wrote `row`.
  private func isAsWritten(_ path: String, _ row: Row) throws(SpecGANError) -> Bool {
    let status = try FileStatus(of: path)
    guard status.isRegular && !status.isLink else { return false }
    guard let checksum = row.checksum else {
      let announced = try FileStatus(of: "\(self.path)/\(Self.manifestName)").modificationTime
      return abs(status.modificationTime - announced) <= Self.longestWriting
    }
    let found = try ifUsable { () throws(SpecGANError) in try CRC32.ofFile(path).checksum }
    return found?.hexadecimal == checksum
  }

  /// The longest time from the end of a file to the last line of the list, in s.
  private static let longestWriting = 60.0

  private func checkInputs(_ outdated: [String]) throws(SpecGANError) {
    for input in inputs {
      for name in outdated where try Folder.areSame(input, "\(path)/\(name)") {
        throw .overwritesInput(path: input)
      }
    }
  }

  /// The lines of the list; nil if it is another file. The last line of a name counts.
  ///
  /// - Throws: ``SpecGANError`` if the system fails.
  private func rows() throws(SpecGANError) -> [Row]? {
    let text =
      try ifUsable { () throws(SpecGANError) in
        try MappedFile(path: "\(path)/\(Self.manifestName)").contents
      } ?? []
    let rows = text.split(separator: UInt8(ascii: "\n")).compactMap {
      try? JSONDecoder().decode(Row.self, from: Data($0))
    }
    // A kill may leave a part of the first line.
    let isPart =
      !text.contains(UInt8(ascii: "\n"))
      && Self.marks.contains { text.starts(with: $0) || $0.starts(with: text) }
      && (try? JSONSerialization.jsonObject(with: Data(text))) == nil
    return rows.isEmpty && !isPart ? nil : rows
  }

  /// The first bytes of a line, with and without a checksum.
  private static let marks = [#"{"checksum":"#, #"{"command":"#].map { Array($0.utf8) }

  private struct Row: Codable {
    let command, name: String
    /// The CRC-32 of the file; nil before it is complete.
    let checksum: String?

    var text: String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      guard let data = try? encoder.encode(self) else { trap("a row of a manifest is text") }
      return String(decoding: data, as: UTF8.self)
    }
  }
}
