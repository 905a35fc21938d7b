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
