internal import Foundation
internal import SpecGANErrors
internal import SpecGANFiles

/// `sources.jsonl` in the making: a row a file, as they come.
struct SourceRows: ~Copyable {
  private let file: AtomicFile

  init(folder: String) throws(SpecGANError) {
    file = try AtomicFile(path: "\(folder)/\(CacheLayout.sources)")
  }

  /// Adds `lines`, each with its newline; see ``line(of:)``.
  func append(_ lines: String) throws(SpecGANError) {
    try file.write(lines)
  }

  /// `row` as it stands in the file.
  static func line(of row: Source) throws(SpecGANError) -> String {
    try CacheRecord.encoded(row) + "\n"
  }

  consuming func finish() throws(SpecGANError) {
    try file.commit()
  }

  /// The rows of the cache in `folder`.
  static func read(folder: String) throws(SpecGANError) -> [Source] {
    let path = "\(folder)/\(CacheLayout.sources)"
    let bytes = try MappedFile(path: path).withBytes {
      unsafe $0.withUnsafeBytes { unsafe Data($0) }
    }
    let decoder = JSONDecoder()
    var rows: [Source] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      do { rows.append(try decoder.decode(Source.self, from: line)) } catch {
        throw .damaged(path: path, reason: "row \(rows.count + 1) is not what a row should be")
      }
    }
    return rows
  }
}

extension SourceListing {
  /// The row of `source`, before it is tried.
  func row(of source: FoundSource) -> Source {
    let input = inputs[source.input]
    return Source(
      path: source.path.isEmpty ? Folder.name(of: input) : source.path,
      input: inputs.count > 1 ? input : nil, label: source.label)
  }
}
