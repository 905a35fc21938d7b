package import SpecGANChecksums
package import SpecGANErrors

extension CRC32 {
  /// Returns the checksum and the size in bytes of the file at `path`.
  ///
  /// The file is read in blocks, not mapped, because the pages of a mapping count as memory of this
  /// process.
  /// - Throws: ``SpecGANError`` if it is missing, not a regular file, or cannot be read.
  package static func ofFile(
    _ path: String
  ) throws(SpecGANError) -> (checksum: CRC32, byteCount: Int) {
    var checksum = CRC32()
    let byteCount = try RandomAccessFile(reading: path).forEachBlock { checksum.update($0) }
    return (checksum, byteCount)
  }
}

extension ContentDigest {
  /// Returns the digest and the size in bytes of the file at `path`.
  ///
  /// - Throws: ``SpecGANError`` if it is missing, not a regular file, or cannot be read.
  package static func ofFile(
    _ path: String
  ) throws(SpecGANError) -> (digest: ContentDigest, byteCount: Int) {
    var digest = ContentDigest()
    let byteCount = try RandomAccessFile(reading: path).forEachBlock { digest.update($0) }
    return (digest, byteCount)
  }
}
