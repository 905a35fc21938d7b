extension CRC32 {
  /// The checksum of the file at `path`, and how many bytes it has.
  ///
  /// It is read block by block, not mapped: a mapping's pages would count as memory of this process.
  /// - Throws: ``FileError`` where it is missing, not a regular file, or cannot be read.
  public static func ofFile(
    _ path: String
  ) throws(FileError) -> (checksum: CRC32, byteCount: Int) {
    var checksum = CRC32()
    let byteCount = try RandomAccessFile(reading: path).forEachBlock { checksum.update($0) }
    return (checksum, byteCount)
  }
}
