extension CRC32 {
  /// The checksum of the file at `path`, and how many bytes it has.
  ///
  /// It is read block by block, not mapped: a mapping's pages would count as memory of this process.
  /// - Throws: ``FileError`` where it is missing, not a regular file, or cannot be read.
  public static func ofFile(
    _ path: String
  ) throws(FileError) -> (checksum: CRC32, byteCount: Int) {
    let file = try RandomAccessFile(reading: path)
    var checksum = CRC32()
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var offset = 0
    while true {
      let count = try file.read(into: &block, at: offset)
      if count == 0 { return (checksum, offset) }
      unsafe checksum.update(block.span.extracting(first: count).bytes)
      offset += count
    }
  }
}
