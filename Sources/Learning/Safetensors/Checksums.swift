internal import SpecGANChecksums
public import SpecGANErrors

/// The CRC-32 of every tensor and of the metadata, kept in the metadata.
///
/// A tensor's is over its name, its type, its shape as `5,5,1,16`, each ended by a newline, and its
/// bytes. That of the metadata is over every other entry in the order of the keys' bytes, key and
/// value each ended by a newline.
enum Checksums {
  private static let prefix = "checksum/"
  private static let metadataKey = prefix + "metadata"

  static func key(_ name: String) -> String { prefix + name }

  static func isKey(_ key: String) -> Bool { key.hasPrefix(prefix) }

  static func ofTensor(_ name: String, _ entry: SafetensorsEntry, _ bytes: RawSpan) -> String {
    var checksum = CRC32()
    let shape = entry.shape.map(String.init).joined(separator: ",")
    checksum.update("\(name)\n\(entry.type.rawValue)\n\(shape)\n")
    checksum.update(bytes)
    return checksum.hexadecimal
  }

  static func ofMetadata(_ metadata: [String: String]) -> String {
    var checksum = CRC32()
    for key in metadata.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    where key != metadataKey {
      checksum.update("\(key)\n\(metadata[key] ?? "")\n")
    }
    return checksum.hexadecimal
  }
}

extension SafetensorsContents {
  /// Adds a CRC-32 of each tensor and of the metadata; nothing may be added after.
  public mutating func addChecksums() {
    for name in names {
      guard let entry = entry(name) else { continue }
      metadata[Checksums.key(name)] = withBytes(name) { Checksums.ofTensor(name, entry, $0) }
    }
    metadata[Checksums.key("metadata")] = Checksums.ofMetadata(metadata)
  }
}

extension SafetensorsFile {
  /// Compares every checksum with its tensor or the metadata.
  ///
  /// - Throws: ``SpecGANError`` where one differs or some are missing; a file
  ///   without any is somebody else's, and passes.
  public func verifyChecksums() throws(SpecGANError) {
    guard hasChecksums else { return }
    try verifyMetadata()
    for name in names { try verifyTensor(name) }
  }

  private var hasChecksums: Bool { metadata.keys.contains(where: Checksums.isKey) }

  /// Compares the checksum of the metadata alone.
  public func verifyMetadata() throws(SpecGANError) {
    guard hasChecksums else { return }
    let expected = Set(names.map(Checksums.key) + [Checksums.key("metadata")])
    if let odd = expected.symmetricDifference(metadata.keys.filter(Checksums.isKey)).min() {
      throw .damaged(path: path, part: "the set of checksums, at \(quoted(odd)),")
    }
    guard metadata[Checksums.key("metadata")] == Checksums.ofMetadata(metadata) else {
      throw .damaged(path: path, part: "the metadata")
    }
  }

  private func verifyTensor(_ name: String) throws(SpecGANError) {
    guard let entry = entry(name) else { return }
    let checksum = try withBytes(name) { Checksums.ofTensor(name, entry, $0) }
    guard checksum == metadata[Checksums.key(name)] else {
      throw .damaged(path: path, part: "the tensor \(quoted(name))")
    }
  }
}
