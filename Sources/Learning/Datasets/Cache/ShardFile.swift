internal import Safetensors
internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles

/// A shard in the making: examples that several threads write to their places, and the header last.
///
/// It has its name from the start, in a folder that no reader looks into yet.
struct ShardFile: Sendable {
  /// Bytes before the examples; a header never takes as many.
  private static let preambleLength = 512
  /// Bytes that the system is asked to bring to disk at a time: a lot for a disk, and little to
  /// wait for.
  private static let portionLength = 4 << 20

  private let kind: ShardKind
  private let exampleShape: [Int]
  private let exampleLength: Int  // bytes
  private let file: RandomAccessFile

  /// Opens shard number `index` in `folder`: makes it where `isNew`, or else goes on with what is
  /// there.
  init(
    _ kind: ShardKind, _ index: Int, in folder: String, _ layout: CacheLayout, isNew: Bool
  ) throws(SpecGANError) {
    self.kind = kind
    exampleShape = layout.shape(of: kind)
    exampleLength = layout.byteCount(of: kind)
    let path = "\(folder)/\(kind.file(index))"
    file =
      isNew
      ? try RandomAccessFile(writing: path) : try RandomAccessFile(updating: path)
  }

  private func offset(of place: Int) -> Int { Self.preambleLength + place * exampleLength }

  /// Makes room for examples at `places`, which will be written.
  func reserve(_ places: Range<Int>) {
    file.reserve(offset(of: places.lowerBound)..<offset(of: places.upperBound))
  }

  /// Writes `examples` to the places from `first` on.
  func write(_ examples: [Float], to first: Int) throws(SpecGANError) {
    let bytes = unsafe examples.span.bytes
    precondition(
      bytes.byteCount.isMultiple(of: exampleLength),
      "\(bytes.byteCount) bytes are no whole examples")
    try file.write(bytes, at: offset(of: first))
  }

  /// Fills `examples` with what was written to the places from `first` on.
  func read(_ first: Int, into examples: inout [Float]) throws(SpecGANError) {
    try file.read(into: &examples, at: offset(of: first))
  }

  /// Writes the header for `count` examples, and `labels` after slices; returns the whole file's
  /// checksum.
  ///
  /// `examples` is the checksum of all the examples.
  func finish(
    count: Int, labels: [Int32]? = nil, examples: CRC32
  ) throws(SpecGANError) -> CRC32 {
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

  /// Asks the system to bring to disk the portions of examples that end before one of `places`, if
  /// any do.
  ///
  /// So the disk has its share all the time, and nobody waits for it at the end.
  func startFlushing(before places: Range<Int>) {
    let portion = max(1, Self.portionLength / exampleLength)
    for place in places where place > 0 && place.isMultiple(of: portion) {
      file.startFlushing(offset(of: place - portion)..<offset(of: place))
    }
  }

  /// Asks the system to bring to disk what was written so far.
  func startFlushing() { file.startFlushing() }

  /// Brings everything to disk.
  func flush() throws(SpecGANError) { try file.flush() }
}
