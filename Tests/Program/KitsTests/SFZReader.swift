/// A reader of SFZ that shares nothing with the writer: opcodes of a region, with those of its
/// group and of the global section.
///
/// Source: Cakewalk, "sfz File Format": a value ends before the next header, the next word with
/// `=`, a comment, or the line; only `sample` keeps its spaces.
struct SFZReader {
  /// The opcodes of each region.
  private(set) var regions: [[String: String]] = []
  private var globals: [String: String] = [:]
  private var group: [String: String] = [:]
  private var header = ""

  init(_ text: String) {
    for line in text.split(separator: "\n") { read(line) }
  }

  private mutating func read(_ line: Substring) {
    var rest = line
    if let comment = rest.firstRange(of: "//") { rest = rest[..<comment.lowerBound] }
    while let start = rest.firstIndex(where: { $0 != " " }) {
      rest = rest[start...]
      if rest.first == "<" {
        guard let end = rest.firstIndex(of: ">") else { return }
        begin(String(rest[rest.index(after: start)..<end]))
        rest = rest[rest.index(after: end)...]
        continue
      }
      guard let equals = rest.firstIndex(of: "=") else { return }
      let name = String(rest[..<equals])
      rest = rest[rest.index(after: equals)...]
      var end = rest.endIndex
      if let next = rest.firstIndex(of: "=") {
        // The name before the next `=` begins after the last space before it.
        end = rest[..<next].lastIndex(of: " ") ?? rest.endIndex
      } else if name != "sample", let space = rest.firstIndex(of: " ") {
        end = space
      }
      set(name, String(rest[..<end]))
      rest = rest[end...]
    }
  }

  private mutating func begin(_ name: String) {
    header = name
    if name == "group" { group = [:] }
    if name == "region" { regions.append(globals.merging(group) { $1 }) }
  }

  private mutating func set(_ name: String, _ value: String) {
    switch header {
    case "global": globals[name] = value
    case "group": group[name] = value
    default: regions[regions.count - 1][name] = value
    }
  }
}
