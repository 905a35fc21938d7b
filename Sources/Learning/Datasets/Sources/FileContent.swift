internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles

/// The size and digest of a file, by which the next run recognizes it.
///
/// Modification times are not used: copying and unpacking change them, and a second change within
/// one tick of the clock does not.
struct FileContent: Hashable, Sendable {
  let byteCount: Int
  let digest: ContentDigest

  /// Reads the file at `path` to its end.
  init(of path: String) throws(SpecGANError) {
    let (digest, byteCount) = try ContentDigest.ofFile(path)
    self.byteCount = byteCount
    self.digest = digest
  }

  /// Creates the content recorded in `row`; nil if the file could not be read.
  init?(_ row: Source) {
    guard let byteCount = row.bytes,
      let digest = row.checksum.flatMap(ContentDigest.init(hexadecimal:))
    else { return nil }
    self.byteCount = byteCount
    self.digest = digest
  }
}
