/// Files that were found, in order: a hundred thousand of them in a few MiB.
///
/// The bytes of all paths lie one after the other; a string of its own for each would take three
/// times the memory.
struct FoundSources: RandomAccessCollection, Sendable {
  private struct Entry {
    var start: Int
    var length: Int32
    var input: Int32
  }

  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  /// By where the path starts; few have any.
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
    // An empty path takes a byte, so that all start at places of their own.
    let entry = Entry(
      start: bytes.count, length: Int32(source.path.utf8.count), input: Int32(source.input))
    bytes += source.path.utf8
    if source.path.isEmpty { bytes.append(0) }
    entries.append(entry)
    problems[entry.start] = source.problem
  }

  /// Brings those from `first` on into the order of their paths' bytes.
  mutating func sort(from first: Int) {
    let sorted = entries[first...].sorted { path($0).lexicographicallyPrecedes(path($1)) }
    entries.replaceSubrange(first..., with: sorted)
  }

  private func path(_ entry: Entry) -> ArraySlice<UInt8> {
    bytes[entry.start..<entry.start + Int(entry.length)]
  }
}
