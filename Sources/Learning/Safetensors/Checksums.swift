internal import SpecGANChecksums
public import SpecGANErrors

/// The CRC-32 checksums of the tensors and of the metadata, stored in the metadata.
///
/// A tensor's checksum covers its name, its type and its shape, such as `5,5,1,16`, each followed
/// by a newline, and then its bytes. The metadata's checksum covers all other entries, sorted by
/// the bytes of their keys, with a newline after each key and each value.
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
  /// Adds a CRC-32 of each tensor and of the metadata. Call it last: a file with later additions
  /// fails verification.
  public mutating func addChecksums() {
    for name in names {
      guard let entry = entry(name) else { continue }
      metadata[Checksums.key(name)] = withBytes(name) { Checksums.ofTensor(name, entry, $0) }
    }
    metadata[Checksums.key("metadata")] = Checksums.ofMetadata(metadata)
  }
}

extension SafetensorsFile {
  /// Verifies the checksums of all tensors and of the metadata.
  ///
  /// A file without checksums passes.
  /// - Throws: ``SpecGANError`` if a checksum does not match, or some are missing.
  public func verifyChecksums() throws(SpecGANError) {
    guard hasChecksums else { return }
    try verifyMetadata()
    for name in names { try verifyTensor(name) }
  }

  private var hasChecksums: Bool { metadata.keys.contains(where: Checksums.isKey) }

  /// Verifies the checksum of the metadata, and that each tensor has one. It reads no tensor.
  ///
  /// A file without checksums passes.
  /// - Throws: ``SpecGANError`` if the metadata does not match, or the checksums are not those of
  ///   the tensors.
  public func verifyMetadata() throws(SpecGANError) {
    guard hasChecksums else { return }
    let expected = Set(names.map(Checksums.key) + [Checksums.key("metadata")])
    if let odd = expected.symmetricDifference(metadata.keys.filter(Checksums.isKey)).min() {
      throw .damaged(path: path, part: "\(quoted(odd)) is missing or has no tensor")
    }
    guard metadata[Checksums.key("metadata")] == Checksums.ofMetadata(metadata) else {
      throw .damaged(path: path, part: "the metadata does not match its checksum")
    }
  }

  private func verifyTensor(_ name: String) throws(SpecGANError) {
    guard let entry = entry(name) else { return }
    let checksum = try withBytes(name) { Checksums.ofTensor(name, entry, $0) }
    guard checksum == metadata[Checksums.key(name)] else {
      throw .damaged(
        path: path, part: "the tensor \(quoted(name)) does not match its checksum")
    }
  }
}
