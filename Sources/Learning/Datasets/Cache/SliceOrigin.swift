internal import SpecGANErrors
internal import SpecGANFiles
internal import Waveforms

/// One slice of a file.
struct SlicePiece: Sendable {
  let origin: SliceOrigin
  /// The index of the slice in the file.
  let number: Int
}

/// The origin of a file's slices: decoded audio, or an existing cache.
enum SliceOrigin: Sendable {
  case sound(Waveform)
  case existing(ExistingSlices)

  /// Copies slice `number`, `[length, channels]`, to `range` of `slices`.
  ///
  /// - Throws: ``SpecGANError`` if the existing cache cannot be read.
  func copy(
    _ number: Int, of audio: AudioConfiguration, into slices: inout [Float], _ range: Range<Int>
  ) throws(SpecGANError) {
    switch self {
    case .sound(let sound):
      let start = number * audio.hop * sound.channels
      sound.samples.span.extracting(start..<min(start + range.count, sound.samples.count))
        .copy(to: &slices, range)
    case .existing(let existing): try existing.read(number, into: &slices, range)
    }
  }
}

/// Consecutive slices in the shards of an existing cache.
///
/// They are read, not mapped, so that memory holds at most one per worker.
struct ExistingSlices: Sendable {
  struct Shard: Sendable {
    let file: RandomAccessFile
    /// The offset of the first slice, in bytes.
    let offset: Int
  }

  /// The shards of the slices.
  let shards: [Shard]
  /// The number of slices of a shard; the last may have fewer.
  let shardSize: Int
  /// The index of the first slice in the first shard.
  let start: Int

  /// Reads slice `number` into `range` of `slices`.
  func read(
    _ number: Int, into slices: inout [Float], _ range: Range<Int>
  ) throws(SpecGANError) {
    let (index, place) = (start + number).quotientAndRemainder(dividingBy: shardSize)
    let size = range.count * MemoryLayout<Float>.stride
    try shards[index].file.read(into: &slices, range, at: shards[index].offset + place * size)
  }
}

extension Span<Float> {
  /// Copies the elements to the start of `range` of `destination`, and fills the rest with zeros.
  fileprivate func copy(to destination: inout [Float], _ range: Range<Int>) {
    let end = range.lowerBound + count
    unsafe destination.withUnsafeMutableBufferPointer { destination in
      unsafe withUnsafeBufferPointer { source in
        _ = unsafe destination[range].update(fromContentsOf: source)
      }
      unsafe destination[end..<range.upperBound].update(repeating: 0)
    }
  }
}
