internal import Files
internal import Tensors

/// A shard in the making: examples that several threads write to their places, and the header last.
///
/// It has its name from the start, in a folder that no reader looks into yet.
struct ShardFile: Sendable {
  /// Bytes before the examples; a header never takes as many.
  private static let preambleLength = 512
  /// Bytes that the system is asked to bring to disk at a time: a lot for a disk, and little to wait for.
  private static let portionLength = 4 << 20

  private let kind: ShardKind
  private let exampleShape: [Int]
  private let exampleLength: Int  // bytes
  private let file: RandomAccessFile

  /// Opens shard number `index` in `folder`: makes it where `isNew`, or else goes on with what is there.
  init(
    _ kind: ShardKind, _ index: Int, in folder: String, _ layout: CacheLayout, isNew: Bool
  ) throws(DatasetError) {
    self.kind = kind
    exampleShape = layout.shape(of: kind)
    exampleLength = layout.byteCount(of: kind)
    file = try withFiles { () throws(FileError) in
      let path = "\(folder)/\(kind.file(index))"
      return isNew
        ? try RandomAccessFile(writing: path) : try RandomAccessFile(updating: path)
    }
  }

  private func offset(of place: Int) -> Int { Self.preambleLength + place * exampleLength }

  /// Writes `example` to `place`.
  func write(_ example: [Float], to place: Int) throws(FileError) {
    let bytes = unsafe example.span.bytes
    precondition(bytes.byteCount == exampleLength, "an example of \(bytes.byteCount) bytes")
    try file.write(bytes, at: offset(of: place))
  }

  /// Fills `example` with what was written to `place`.
  func read(_ place: Int, into example: inout [Float]) throws(FileError) {
    try file.read(into: &example, at: offset(of: place))
  }

  /// Writes the header for `count` examples, and `labels` after slices; returns the whole file's checksum.
  ///
  /// `examples` is the checksum of all the examples.
  func finish(
    count: Int, labels: [Int32]? = nil, examples: CRC32
  ) throws(FileError) -> CRC32 {
    var tensors = [
      (name: kind.rawValue, type: SafetensorsType.float32, shape: [count] + exampleShape)
    ]
    if let labels { tensors.append((Shard.labels, .int32, [labels.count])) }
    let preamble = SafetensorsPreamble.bytes(tensors, length: Self.preambleLength)
    try unsafe file.write(preamble.span.bytes, at: 0)
    var checksum = CRC32()
    unsafe checksum.update(preamble.span.bytes)
    checksum.append(examples, byteCount: count * exampleLength)
    if let labels {
      try unsafe file.write(labels.span.bytes, at: offset(of: count))
      unsafe checksum.update(labels.span.bytes)
    }
    return checksum
  }

  /// Asks the system to bring to disk the portion of examples that ends before `place`, if one does.
  ///
  /// So the disk has its share all the time, and nobody waits for it at the end.
  func startFlushing(before place: Int) {
    let portion = max(1, Self.portionLength / exampleLength)
    guard place > 0, place.isMultiple(of: portion) else { return }
    file.startFlushing(offset(of: place - portion)..<offset(of: place))
  }

  /// Asks the system to bring to disk what was written so far.
  func startFlushing() { file.startFlushing() }

  /// Brings everything to disk.
  func flush() throws(DatasetError) { try withFiles { () throws(FileError) in try file.flush() } }
}
