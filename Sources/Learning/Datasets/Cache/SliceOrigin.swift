internal import SpecGANErrors
internal import SpecGANFiles
internal import Waveforms

/// One slice of a file.
struct SlicePiece: Sendable {
  let origin: SliceOrigin
  /// Which of the file's slices it is.
  let number: Int
}

/// Where the slices of a file come from.
enum SliceOrigin: Sendable {
  case sound(Waveform)
  case former(FormerSlices)

  /// Fills `range` of `slices`, the place of one of them, `[length, channels]`, with slice
  /// `number`.
  func copy(
    _ number: Int, of audio: AudioConfiguration, into slices: inout [Float], _ range: Range<Int>
  ) throws(SpecGANError) {
    switch self {
    case .sound(let sound):
      let start = number * audio.hop * sound.channels
      sound.samples.span.extracting(start..<min(start + range.count, sound.samples.count))
        .copy(to: &slices, range)
    case .former(let former): try former.read(number, into: &slices, range)
    }
  }
}

/// Consecutive slices of a cache that was there before, in its shards.
///
/// They are read, not mapped, so that memory does not hold more than one a worker.
struct FormerSlices: Sendable {
  struct Shard: Sendable {
    let file: RandomAccessFile
    /// The byte that its slices begin with.
    let offset: Int
  }

  /// The shards that hold them.
  let shards: [Shard]
  /// Slices of a shard; the last may have fewer.
  let shardSize: Int
  /// Where in the first shard they begin.
  let start: Int

  /// Fills `range` of `slices`, the place of one of them, with slice `number`.
  func read(
    _ number: Int, into slices: inout [Float], _ range: Range<Int>
  ) throws(SpecGANError) {
    let (index, place) = (start + number).quotientAndRemainder(dividingBy: shardSize)
    let size = range.count * MemoryLayout<Float>.stride
    try shards[index].file.read(into: &slices, range, at: shards[index].offset + place * size)
  }
}

extension Span<Float> {
  /// Copies the numbers to the start of `range` of `destination` and zeros behind them.
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
