internal import Safetensors
internal import SpecGANChecksums
internal import SpecGANErrors
internal import SpecGANFiles

/// A shard that is being written: several threads write examples, and the header is written last.
///
/// It has its final name from the start, because no reader opens the folder yet.
struct ShardFile: Sendable {
  /// The offset of the examples, in bytes; a header is shorter.
  private static let preambleLength = 512
  /// The number of bytes to flush at a time: enough for a disk, and a short wait.
  private static let portionLength = 4 << 20

  private let kind: ShardKind
  private let exampleShape: [Int]
  private let exampleLength: Int  // bytes
  private let file: RandomAccessFile

  /// Opens shard number `index` in `folder`; creates it if `isNew`.
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

  /// Reserves disk space for the examples with the indices `places`.
  func reserve(_ places: Range<Int>) {
    file.reserve(offset(of: places.lowerBound)..<offset(of: places.upperBound))
  }

  /// Writes `examples`, the first at index `first`.
  func write(_ examples: [Float], to first: Int) throws(SpecGANError) {
    let bytes = unsafe examples.span.bytes
    require(
      bytes.byteCount.isMultiple(of: exampleLength),
      "\(bytes.byteCount) bytes are not a whole number of examples")
    try file.write(bytes, at: offset(of: first))
  }

  /// Reads examples from index `first` on, as many as fill `examples`.
  func read(_ first: Int, into examples: inout [Float]) throws(SpecGANError) {
    try file.read(into: &examples, at: offset(of: first))
  }

  /// Writes the header, and the labels if there are any.
  ///
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - labels: the label of each slice; nil for spectrograms.
  ///   - examples: the checksum of all examples.
  /// - Returns: the checksum of the file.
  /// - Throws: ``SpecGANError`` if the file cannot be written.
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

  /// Starts flushing every portion of examples that ends at one of the indices `places`.
  ///
  /// The disk is then busy during the run, and the final flush is short.
  func startFlushing(before places: Range<Int>) {
    let portion = max(1, Self.portionLength / exampleLength)
    for place in places where place > 0 && place.isMultiple(of: portion) {
      file.startFlushing(offset(of: place - portion)..<offset(of: place))
    }
  }

  /// Starts flushing everything written so far.
  func startFlushing() { file.startFlushing() }

  /// Flushes everything to disk.
  func flush() throws(SpecGANError) { try file.flush() }
}
