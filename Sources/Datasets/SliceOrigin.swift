internal import Waveforms

/// Where the slices of a file come from.
enum SliceOrigin: Sendable {
  case sound(Waveform)
  case former(FormerSlices)

  /// Fills `slice`, `[length, channels]`, with slice `number`.
  func copy(_ number: Int, of audio: AudioConfiguration, into slice: inout [Float]) {
    switch self {
    case .sound(let sound):
      let start = number * audio.hop * sound.channels
      sound.samples.span.extracting(start..<min(start + slice.count, sound.samples.count))
        .copy(to: &slice)
    case .former(let slices): slices.withSlice(number) { $0.copy(to: &slice) }
    }
  }
}

/// Consecutive slices of a cache that was there before, in its shards.
struct FormerSlices: Sendable {
  /// The shards that hold them; all but the last have the same number of slices.
  let shards: [Shard]
  /// Where in the first shard they begin.
  let start: Int

  func withSlice(_ number: Int, _ body: (Span<Float>) -> Void) {
    let (shard, place) = (start + number).quotientAndRemainder(dividingBy: shards[0].count)
    shards[shard].withExample(place, body)
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
