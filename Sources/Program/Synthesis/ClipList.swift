package import SpecGANErrors
internal import SpecGANFiles
package import SpecGANRuns

/// A list of clips to keep, as a page of clips saves it and as people write it.
///
/// It is plain text in UTF-8. A line has the number of a clip, as in the name of its file, and
/// optionally a tab and a name. Empty lines and those that begin with `#` do not count, except for
/// the ``ClipSource/comment`` by which a list is refused for other clips.
///
/// ```
/// # specgan clips: latents 60303ae22b998861, generator 9f86d081884c7d65
/// 3
/// 17	Big kick
/// ```
package struct ClipList: Sendable {
  /// A clip of the list.
  package struct Entry: Equatable, Sendable {
    /// The number of the clip.
    package let number: Int
    /// The name for its file; nil to keep that of its number.
    package let name: String?
    /// The line of the list, from 1.
    package let line: Int
  }

  /// The path of the list.
  package let path: String
  /// The clips, in the order of the lines; each number occurs once.
  package private(set) var entries: [Entry] = []
  /// The sources that the list names, with their lines; none if a person wrote it.
  package private(set) var sources: [(source: ClipSource, line: Int)] = []

  private var linesByNumber: [Int: Int] = [:]

  /// Reads the list at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it cannot be read, a line is not as described, a number occurs
  ///   twice, or there is none.
  package init(file path: String) throws(SpecGANError) {
    try self.init(MappedFile(path: path).contents, path: path)
  }

  /// Reads the list with the contents `bytes`; errors name `path`.
  ///
  /// - Throws: ``SpecGANError`` as in ``init(file:)``.
  package init(_ bytes: [UInt8], path: String) throws(SpecGANError) {
    self.path = path
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      guard let line = String(validating: line, as: UTF8.self) else {
        throw .listEncoding(path: path, line: index + 1)
      }
      // A tab at the start stays, because a number is missing before it.
      try take(line.drop { $0 == " " }.trimming(endsWhile: \.isWhitespace), line: index + 1)
    }
    if entries.isEmpty { throw .emptyList(path: path) }
  }

  /// Takes in the text of `line`, without spaces at its ends.
  private mutating func take(_ text: Substring, line: Int) throws(SpecGANError) {
    if ClipSource.isComment(text) {
      guard let source = ClipSource(comment: text) else {
        throw .listSource(path: path, line: line)
      }
      sources.append((source, line))
      return
    }
    if text.isEmpty || text.hasPrefix("#") { return }
    let columns = text.split(separator: "\t", omittingEmptySubsequences: false)
    let digits = columns[0].trimming(endsWhile: \.isWhitespace)
    let isNumber = digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard columns.count <= 2, isNumber, let number = Int(digits) else {
      throw .listLine(path: path, line: line, found: String(text))
    }
    if let first = linesByNumber.updateValue(line, forKey: number) {
      throw .repeatedClip(path: path, line: line, number: number, first: first)
    }
    let name =
      columns.count < 2
      ? "" : columns[1].drop(while: \.isWhitespace).trimming(endsWhile: \.isWhitespace)
    entries.append(Entry(number: number, name: name.isEmpty ? nil : String(name), line: line))
  }
}

extension Substring {
  /// Returns the text without the characters at its end that `isDropped` accepts.
  fileprivate func trimming(endsWhile isDropped: (Character) -> Bool) -> Substring {
    guard let last = lastIndex(where: { !isDropped($0) }) else { return prefix(0) }
    return self[...last]
  }
}

// MARK: - Selection

extension ClipList {
  /// Returns the clips of the list among `all`, in its order, with their names.
  ///
  /// - Parameters:
  ///   - all: the latents of the files `latents`.
  ///   - latents: the files, for errors.
  ///   - checkpoint: the generator.
  ///   - checkpointPath: its path, for errors.
  /// - Returns: the clips.
  /// - Throws: ``SpecGANError`` if the list names another source, or a clip that `all` does not
  ///   have.
  package func clips(
    of all: ChosenLatents, latents: [String], by checkpoint: Checkpoint, at checkpointPath: String
  ) throws(SpecGANError) -> ChosenLatents {
    let own = sources.isEmpty ? nil : ClipSource(all, by: checkpoint)
    let files = latents.joined(separator: ", ")
    for (source, line) in sources where source != own {
      throw source.latents == own?.latents
        ? .listOfOtherGenerator(path: path, line: line, checkpoint: checkpointPath)
        : .listOfOtherLatents(path: path, line: line, latents: files)
    }
    var places: [Int] = []
    for entry in entries {
      guard let place = all.place(ofFile: entry.number) else {
        throw .unlistedClip(
          path: path, line: entry.line, number: entry.number, latents: files,
          known: all.fileNumbersText)
      }
      places.append(place)
    }
    return all.selecting(listed: places, names: entries.map(\.name))
  }
}
