internal import Glibc
internal import SpecGANErrors
internal import SpecGANFiles

/// An entry found in an input: a file to read, or an entry with a problem.
struct FoundSource: Sendable {
  /// The reason why an entry cannot be read.
  struct Problem: Sendable {
    /// The rest of a sentence that begins with the path.
    let reason: String
    var kind = SkippedSource.Kind.sound

    /// The kind in a row; unusable audio files have none.
    var rowKind: SkippedSource.Kind? { kind == .sound ? nil : kind }
  }

  /// The index of the input.
  let input: Int
  /// The path relative to that input; empty if it is the input itself.
  let path: String
  var problem: Problem?

  /// The first folder; empty for a file directly in its input.
  var label: String {
    guard let slash = path.utf8.firstIndex(of: UInt8(ascii: "/")) else { return "" }
    return String(path[..<slash]).escapingForeignBytes
  }
}

/// The files of some inputs, input by input, in the order of their paths' bytes.
///
/// Names that begin with a dot and folders of the name `__MACOSX`, in which macOS keeps its own
/// data in archives, are skipped and counted. Links to files are followed. Links to
/// folders are followed if the folder is outside the inputs, and reported as problems otherwise.
/// Each folder is read once, so cycles of links end.
struct SourceListing {
  let inputs: [String]
  private(set) var sources = FoundSources()
  private(set) var hiddenCount = 0
  /// The files and folders that match a pattern.
  private(set) var excludedCount = 0
  /// The patterns that match nothing.
  var idlePatterns: [String] { patterns.filter { !$0.isUsed }.map(\.text) }
  private var patterns: [ExclusionPattern]
  private let roots: [String]
  private let outputs: Set<FileIdentity>
  private var seen: Set<FileIdentity>
  /// Whether an input is a file; if not, no file can be given twice.
  private let hasGivenFiles: Bool
  /// The files that are inputs themselves, and those found in folders.
  private var (given, found): (Set<FileIdentity>, Set<FileIdentity>) = ([], [])

  /// Searches `inputs` recursively, without the folders `outputs` and without what matches
  /// `patterns`.
  ///
  /// - Throws: ``SpecGANError`` if an input does not exist, or the system fails.
  init(
    _ inputs: [String], without outputs: Set<FileIdentity>, excluding patterns: [String] = []
  ) throws(SpecGANError) {
    self.inputs = inputs
    self.patterns = patterns.map(ExclusionPattern.init)
    var roots: [String] = []
    for input in inputs {
      if try Folder.isFolder(input), let root = Folder.realPath(input) { roots.append(root) }
    }
    self.roots = roots
    hasGivenFiles = roots.count < inputs.count
    self.outputs = outputs
    seen = outputs
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
    let status = try FileStatus(of: inputs[input])
    guard status.exists else { throw .missingInput(path: inputs[input]) }
    guard status.isFolder else {
      let isNew = given.insert(status.identity).inserted && !found.contains(status.identity)
      return add(input, "", problem: status.problem ?? (isNew ? nil : Self.givenTwice))
    }
    guard seen.insert(status.identity).inserted else { return }
    var pending = [""]
    while let folder = pending.popLast() { try visit(folder, input, &pending) }
  }

  private mutating func visit(
    _ folder: String, _ input: Int, _ pending: inout [String]
  ) throws(SpecGANError) {
    let location = folder.isEmpty ? inputs[input] : joined(inputs[input], folder)
    let names: [String]
    do throws(SpecGANError) { names = try Folder.entries(of: location) } catch {
      if error.systemFailure != nil { throw error }
      return add(input, folder, problem: "is a folder that cannot be read; check its permissions.")
    }
    let visible = names.filter { !isHidden($0) }
    for name in names where isHidden(name) {
      if try !isOutput(name, in: location) { hiddenCount += 1 }
    }
    if visible.isEmpty, !folder.isEmpty {
      let reason =
        names.isEmpty
        ? "is an empty folder; fill it, or delete it."
        : "holds only hidden files, whose names begin with a dot; rename those that are audio."
      sources.append(
        FoundSource(
          input: input, path: folder, problem: .init(reason: reason, kind: .emptyFolder)))
    }
    for name in visible { try visit(entry: joined(folder, name), input, &pending) }
  }

  private mutating func visit(
    entry path: String, _ input: Int, _ pending: inout [String]
  ) throws(SpecGANError) {
    if isExcluded(path) {
      excludedCount += 1
      return
    }
    let location = joined(inputs[input], path)
    let status = try FileStatus(of: location)
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
    if !seen.contains(status.identity), let reason = try Self.ownFolder(at: location) {
      sources.append(
        FoundSource(input: input, path: path, problem: .init(reason: reason, kind: .emptyFolder)))
      return
    }
    if seen.insert(status.identity).inserted { pending.append(path) }
  }

  /// Returns the reason for ignoring the folder at `path`: it is a cache, or a run, whose previews
  /// are no examples.
  private static func ownFolder(at path: String) throws(SpecGANError) -> String? {
    if try Cache.exists(at: path) { return "is a cache, and ignored; move it out of the input." }
    for name in ["configuration.yaml", "log.jsonl", "checkpoints"] {
      guard try Folder.exists("\(path)/\(name)") else { return nil }
    }
    return "is a run, and ignored; move it out of the input."
  }

  private mutating func isExcluded(_ path: String) -> Bool {
    var isExcluded = false
    // All of them, so that each learns whether it is of use.
    for index in patterns.indices where patterns[index].matches(path) { isExcluded = true }
    return isExcluded
  }

  /// Returns whether `name` in `folder` is a folder that this run writes or replaces.
  private func isOutput(_ name: String, in folder: String) throws(SpecGANError) -> Bool {
    let status = try FileStatus(of: joined(folder, name))
    return status.isFolder && !status.isLink && outputs.contains(status.identity)
  }

  private mutating func add(_ input: Int, _ path: String, problem reason: String?) {
    sources.append(
      FoundSource(input: input, path: path, problem: reason.map { .init(reason: $0) }))
  }

  private static let givenTwice = "was given twice; leave one of the two out."
}

/// A pattern of files and folders to leave out.
///
/// A pattern without a slash is compared with the name of each file and folder, one with a slash
/// with the path below the input, in which `*` matches slashes too. A folder is excluded with its
/// contents.
///
/// Source: POSIX.1-2017, section 2.13, by fnmatch(3).
struct ExclusionPattern {
  let text: String
  private let pattern: [CChar]
  private let isOfPath: Bool
  private(set) var isUsed = false

  init(_ text: String) {
    self.text = text
    var bytes = text.systemBytes
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    isOfPath = bytes.contains(UInt8(ascii: "/"))
    pattern = bytes.map { CChar(bitPattern: $0) } + [0]
  }

  /// Returns whether the pattern matches the file or folder at `path`, relative to its input.
  mutating func matches(_ path: String) -> Bool {
    var bytes = path.systemBytes
    if !isOfPath, let slash = bytes.lastIndex(of: UInt8(ascii: "/")) {
      bytes.removeSubrange(...slash)
    }
    let name = bytes.map { CChar(bitPattern: $0) } + [0]
    guard unsafe fnmatch(pattern, name, 0) == 0 else { return false }
    isUsed = true
    return true
  }
}

/// Returns whether `name` is that of a file or folder that is ignored.
private func isHidden(_ name: String) -> Bool {
  name.utf8.first == UInt8(ascii: ".") || name == "__MACOSX"
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
  private var problems: [Int: FoundSource.Problem] = [:]

  var startIndex: Int { 0 }
  var endIndex: Int { entries.count }

  subscript(index: Int) -> FoundSource {
    let entry = entries[index]
    return FoundSource(
      input: Int(entry.input), path: String(systemBytes: path(entry)),
      problem: problems[entry.start])
  }

  mutating func append(_ source: FoundSource) {
    // An empty path takes a byte, so that no two paths have the same start.
    let path = source.path.systemBytes
    let entry = Entry(
      start: bytes.count, length: Int32(path.count), input: Int32(source.input))
    bytes += path
    if path.isEmpty { bytes.append(0) }
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
