// Source: IEEE Std 1003.1-2001, pax, "ustar Interchange Format".
package import SpecGANErrors
internal import SpecGANFiles

/// A tar archive of files in one folder. Its bytes depend only on names and contents: all files
/// have the time 0 and the user 0.
package enum TarArchive {
  /// A file of an archive.
  package enum Source: Sendable {
    /// A text.
    case text(String)
    /// The contents of the file at a path.
    case file(String)
  }

  private static let blockLength = 512
  private static let longestName = 100
  private static let longestFolder = 155
  /// The largest size of a file: 11 octal digits.
  private static let largest = 1 << 33 - 1

  /// Writes the archive `path` with the files `sources`, by their names in the folder `folder`.
  ///
  /// - Precondition: a name has at most 100 bytes, `folder` at most 155.
  /// - Throws: ``SpecGANError`` if a file cannot be read, or the archive cannot be written.
  package static func write(
    _ sources: [(name: String, source: Source)], in folder: String, to path: String
  ) throws(SpecGANError) {
    let archive = try AtomicFile(path: path)
    for (name, source) in sources {
      let bytes =
        switch source {
        case .text(let text): Array(text.utf8)
        case .file(let path): try MappedFile(path: path).contents
        }
      try unsafe archive.write(header(name, in: folder, size: bytes.count).span.bytes)
      try unsafe archive.write(bytes.span.bytes)
      let rest = bytes.count % blockLength
      if rest > 0 { try unsafe archive.write(zeros(blockLength - rest).span.bytes) }
    }
    try unsafe archive.write(zeros(2 * blockLength).span.bytes)
    try archive.commit()
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  /// Returns the header of a regular file that its owner may write and all may read.
  private static func header(_ name: String, in folder: String, size: Int) -> [UInt8] {
    require(
      name.utf8.count <= longestName && folder.utf8.count <= longestFolder && size <= largest,
      "\(folder)/\(name) of \(size) bytes does not fit a tar archive")
    var header = zeros(blockLength)
    func put(_ text: String, at offset: Int) {
      header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
    }
    put(name, at: 0)
    put(octal(0o644, digits: 7), at: 100)
    put(octal(0, digits: 7), at: 108)
    put(octal(0, digits: 7), at: 116)
    put(octal(size, digits: 11), at: 124)
    put(octal(0, digits: 11), at: 136)
    put("0", at: 156)
    put("ustar", at: 257)
    put("00", at: 263)
    put(folder, at: 345)
    // The sum of all bytes, with spaces in place of itself.
    put("        ", at: 148)
    let sum = header.reduce(0) { $0 + Int($1) }
    put(octal(sum, digits: 6) + "\0 ", at: 148)
    return header
  }

  private static func octal(_ number: Int, digits: Int) -> String {
    let text = String(number, radix: 8)
    return String(repeating: "0", count: digits - text.count) + text
  }
}
