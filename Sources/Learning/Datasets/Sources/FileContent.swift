internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles

/// What a file is known by from one run to the next: its bytes, not its times, which copying and
/// unpacking change and which changing a file twice within a tick of the clock does not.
struct FileContent: Hashable, Sendable {
  let byteCount: Int
  let digest: ContentDigest

  /// Reads the file at `path` to its end.
  init(of path: String) throws(SpecGANError) {
    let (digest, byteCount) = try ContentDigest.ofFile(path)
    self.byteCount = byteCount
    self.digest = digest
  }

  /// What `row` says of its file; nil where that could not be read.
  init?(_ row: Source) {
    guard let byteCount = row.bytes,
      let digest = row.checksum.flatMap(ContentDigest.init(hexadecimal:))
    else { return nil }
    self.byteCount = byteCount
    self.digest = digest
  }
}
