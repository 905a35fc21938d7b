internal import Files

/// What a file is known by from one run to the next: its bytes, not its times, which copying and
/// unpacking change and which changing a file twice within a tick of the clock does not.
struct FileContent: Equatable, Sendable {
  let byteCount: Int
  /// Eight hexadecimal digits.
  let checksum: String

  /// Reads the file at `path` to its end.
  init(of path: String) throws(FileError) {
    let (checksum, byteCount) = try CRC32.ofFile(path)
    self.byteCount = byteCount
    self.checksum = checksum.hexadecimal
  }

  /// What `row` says of its file; nil where that could not be read.
  init?(_ row: Source) {
    guard let byteCount = row.bytes, let checksum = row.checksum else { return nil }
    self.byteCount = byteCount
    self.checksum = checksum
  }
}
