internal import SpecGANErrors
internal import SpecGANFiles

/// An entry found in an input: a file to read, or an entry with a problem.
struct FoundSource: Sendable {
  /// The index of the input.
  let input: Int
  /// The path relative to that input; empty if it is the input itself.
  let path: String
  /// The reason if the entry cannot be read: the rest of a sentence that begins with the path.
  var problem: String?

  /// The first folder; empty for a file directly in its input.
  var label: String {
    guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[..<slash])
  }
}

/// The files of some inputs, input by input, in the order of their paths' bytes.
///
/// Names that begin with a dot are skipped and counted. Links to files are followed. Links to
/// folders are followed if the folder is outside the inputs, and reported as problems otherwise.
/// Each folder is read once, so cycles of links end.
struct SourceListing {
  let inputs: [String]
  private(set) var sources = FoundSources()
  private(set) var hiddenCount = 0
  private let roots: [String]
  private let excluded: Set<FileIdentity>
  private var seen: Set<FileIdentity>
  /// Whether an input is a file; if not, no file can be given twice.
  private let hasGivenFiles: Bool
  /// The files that are inputs themselves, and those found in folders.
  private var (given, found): (Set<FileIdentity>, Set<FileIdentity>) = ([], [])

  /// Searches `inputs` recursively, without the folders `excluded`.
  ///
  /// - Throws: ``SpecGANError`` if an input does not exist.
  init(_ inputs: [String], excluding excluded: Set<FileIdentity>) throws(SpecGANError) {
    self.inputs = inputs
    roots = inputs.compactMap { FileStatus(of: $0).isFolder ? Folder.realPath($0) : nil }
    hasGivenFiles = roots.count < inputs.count
    self.excluded = excluded
    seen = excluded
    for index in inputs.indices {
      let first = sources.count
      try walk(input: index)
      sources.sort(from: first)
    }
  }

  /// Returns the path at which to open `source`.
  func location(of source: FoundSource) -> String {
    source.path.isEmpty ? inputs[source.input] : joined(inputs[source.input], source.path)
  }

  private mutating func walk(input: Int) throws(SpecGANError) {
    let status = FileStatus(of: inputs[input])
    guard status.exists else { throw .missingInput(path: inputs[input]) }
    guard status.isFolder else {
      let isNew = given.insert(status.identity).inserted && !found.contains(status.identity)
      return add(input, "", problem: status.problem ?? (isNew ? nil : Self.givenTwice))
    }
    guard seen.insert(status.identity).inserted else { return }
    var pending = [""]
    while let folder = pending.popLast() { visit(folder, input, &pending) }
  }

  private mutating func visit(_ folder: String, _ input: Int, _ pending: inout [String]) {
    let location = folder.isEmpty ? inputs[input] : joined(inputs[input], folder)
    let names: [[UInt8]]
    do throws(SpecGANError) { names = try Folder.entryBytes(of: location) } catch {
      return add(input, folder, problem: "is a folder that cannot be read; check its permissions.")
    }
    let visible = names.filter { $0.first != UInt8(ascii: ".") }
    hiddenCount += names.count { $0.first == UInt8(ascii: ".") && !isExcluded($0, in: location) }
    if visible.isEmpty, !folder.isEmpty {
      add(input, folder, problem: "is an empty folder; fill it, or delete it.")
    }
    for name in visible {
      guard let text = String(validating: name, as: UTF8.self) else {
        add(
          input, joined(folder, escaped(name)),
          problem: "has a name that is not UTF-8; rename it.")
        continue
      }
      visit(entry: joined(folder, text), input, &pending)
    }
  }

  private mutating func visit(entry path: String, _ input: Int, _ pending: inout [String]) {
    let location = joined(inputs[input], path)
    let status = FileStatus(of: location)
    guard status.isFolder else {
      if hasGivenFiles { found.insert(status.identity) }
      let isNew = !given.contains(status.identity)
      return add(input, path, problem: status.problem ?? (isNew ? nil : Self.givenTwice))
    }
    if status.isLink, let real = Folder.realPath(location),
      roots.contains(where: { overlap($0, real) })
    {
      return add(
        input, path, problem: "is a link to a folder that is read by its own name; delete the link."
      )
    }
    if seen.insert(status.identity).inserted { pending.append(path) }
  }

  /// Returns whether `name` in `folder` is an excluded folder.
  private func isExcluded(_ name: [UInt8], in folder: String) -> Bool {
    let status = FileStatus(of: joined(folder, String(decoding: name, as: UTF8.self)))
    return status.isFolder && !status.isLink && excluded.contains(status.identity)
  }

  private mutating func add(_ input: Int, _ path: String, problem: String?) {
    sources.append(FoundSource(input: input, path: path, problem: problem))
  }

  private static let givenTwice = "was given twice; leave one of the two out."
}

/// Returns whether one of the folders `first` and `second` contains the other, or both are the
/// same.
private func overlap(_ first: String, _ second: String) -> Bool {
  let first = Array(first.utf8) + [UInt8(ascii: "/")]
  let second = Array(second.utf8) + [UInt8(ascii: "/")]
  return first.starts(with: second) || second.starts(with: first)
}

private func joined(_ folder: String, _ name: String) -> String {
  folder.isEmpty || folder.utf8.last == UInt8(ascii: "/") ? folder + name : "\(folder)/\(name)"
}

/// Returns `name` with every byte that is not UTF-8 written like `\xE9`.
private func escaped(_ name: [UInt8]) -> String {
  var text = ""
  var rest = name[...]
  while let first = rest.first {
    let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self) != nil }
    if let length {
      text += String(decoding: rest.prefix(length), as: UTF8.self)
      rest = rest.dropFirst(length)
    } else {
      text += "\\x" + String(first, radix: 16, uppercase: true)
      rest = rest.dropFirst()
    }
  }
  return text
}

/// A compact list of the files found: 100,000 of them take a few MiB.
///
/// All paths are in one array of bytes; a string per path would take three times the memory.
struct FoundSources: RandomAccessCollection, Sendable {
  private struct Entry {
    var start: Int
    var length: Int32
    var input: Int32
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// The problems, by the start of the path in `bytes`; few files have one.
  private var problems: [Int: String] = [:]

  var startIndex: Int { 0 }
  var endIndex: Int { entries.count }

  subscript(index: Int) -> FoundSource {
    let entry = entries[index]
    return FoundSource(
      input: Int(entry.input), path: String(decoding: path(entry), as: UTF8.self),
      problem: problems[entry.start])
  }

  mutating func append(_ source: FoundSource) {
    // An empty path takes a byte, so that no two paths have the same start.
    let entry = Entry(
      start: bytes.count, length: Int32(source.path.utf8.count), input: Int32(source.input))
    bytes += source.path.utf8
    if source.path.isEmpty { bytes.append(0) }
    entries.append(entry)
    problems[entry.start] = source.problem
  }

  /// Sorts the files from index `first` on by the bytes of their paths.
  mutating func sort(from first: Int) {
    let sorted = entries[first...].sorted { path($0).lexicographicallyPrecedes(path($1)) }
    entries.replaceSubrange(first..., with: sorted)
  }

  private func path(_ entry: Entry) -> ArraySlice<UInt8> {
    bytes[entry.start..<entry.start + Int(entry.length)]
  }
}
