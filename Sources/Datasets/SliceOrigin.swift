internal import Files
internal import Waveforms

/// Where the slices of a file come from.
enum SliceOrigin: Sendable {
  case sound(Waveform)
  case former(FormerSlices)

  /// Fills `slice`, `[length, channels]`, with slice `number`.
  func copy(
    _ number: Int, of audio: AudioConfiguration, into slice: inout [Float]
  ) throws(FileError) {
    switch self {
    case .sound(let sound):
      let start = number * audio.hop * sound.channels
      sound.samples.span.extracting(start..<min(start + slice.count, sound.samples.count))
        .copy(to: &slice)
    case .former(let slices): try slices.read(number, into: &slice)
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

  /// Fills `slice` with slice `number`.
  func read(_ number: Int, into slice: inout [Float]) throws(FileError) {
    let (index, place) = (start + number).quotientAndRemainder(dividingBy: shardSize)
    let size = slice.count * MemoryLayout<Float>.stride
    try shards[index].file.read(into: &slice, at: shards[index].offset + place * size)
  }
}

extension Span<Float> {
  /// Copies the numbers to the start of `destination` and zeros behind them.
  fileprivate func copy(to destination: inout [Float]) {
    let count = count
    unsafe destination.withUnsafeMutableBufferPointer { destination in
      unsafe withUnsafeBufferPointer { source in
        _ = unsafe destination.update(fromContentsOf: source)
      }
      unsafe destination[count...].update(repeating: 0)
    }
  }
}
