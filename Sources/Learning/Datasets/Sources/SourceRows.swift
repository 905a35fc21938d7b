internal import Foundation
internal import SpecGANErrors
internal import SpecGANFiles

/// A writer of `sources.jsonl`, with a row per file.
struct SourceRows: ~Copyable {
  private let file: AtomicFile

  init(folder: String) throws(SpecGANError) {
    file = try AtomicFile(path: "\(folder)/\(CacheLayout.sources)")
  }

  /// Appends `lines`, each with its newline; see ``line(of:)``.
  func append(_ lines: String) throws(SpecGANError) {
    try file.write(lines)
  }

  /// Returns the line of `row`, with its newline.
  static func line(of row: Source) throws(SpecGANError) -> String {
    try CacheRecord.encoded(row) + "\n"
  }

  consuming func finish() throws(SpecGANError) {
    try file.commit()
  }

  /// Reads the rows of the cache in `folder`.
  ///
  /// - Throws: ``SpecGANError`` if the file cannot be read or a row is not valid.
  static func read(folder: String) throws(SpecGANError) -> [Source] {
    let path = "\(folder)/\(CacheLayout.sources)"
    let bytes = try MappedFile(path: path).withBytes {
      unsafe $0.withUnsafeBytes { unsafe Data($0) }
    }
    let decoder = JSONDecoder()
    var rows: [Source] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      do { rows.append(try decoder.decode(Source.self, from: line)) } catch {
        throw .damaged(path: path, reason: "row \(rows.count + 1) is not valid")
      }
    }
    return rows
  }
}

extension SourceListing {
  /// Returns the row of `source` before it is read.
  func row(of source: FoundSource) -> Source {
    let input = inputs[source.input]
    let path = source.path.isEmpty ? Folder.name(of: input) : source.path
    return Source(
      path: path.escapingForeignBytes, isEscaped: path.hasForeignBytes ? true : nil,
      input: inputs.count > 1 ? input.escapingForeignBytes : nil, label: source.label)
  }
}
