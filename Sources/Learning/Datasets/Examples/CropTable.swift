internal import Waveforms

/// The positions of random crops in the audio of a cache.
///
/// A crop is as long as a slice, starts at any frame of its file and ends within the file, so it
/// has no padding. The exception is a file shorter than a slice: its crops equal its first slice. A
/// file with `n` slices has `n` crops per epoch, each from another `n`th of the possible starts, so
/// that all starts have the same probability.
struct CropTable: Sendable {
  /// The part of a file's audio that is in the cache.
  struct Sound: Equatable, Sendable {
    /// The index of its first slice.
    let first: Int
    /// The number of its slices.
    let count: Int
    /// The last frame at which a crop may start.
    let lastStart: Int

    /// Returns the start of crop `number`: `⌊(number + chance) · (lastStart + 1) / count⌋`.
    func start(of number: Int, chance: Double) -> Int {
      let start = (Double(number) + chance) * Double(lastStart + 1) / Double(count)
      // Rounding may give `lastStart + 1`.
      return min(Int(start), lastStart)
    }
  }

  /// A part of a crop that is in one slice.
  struct Piece: Equatable, Sendable {
    let slice: Int
    /// The frames in the slice.
    let frames: Range<Int>
    /// The first frame in the crop.
    let target: Int
  }

  private let sounds: [Sound]
  /// The index into `sounds` of each slice.
  private let soundOfSlice: [Int32]
  private let hop: Int
  private let length: Int

  /// Creates the table of the files `rows`, sliced with the settings `audio`; nil if they do not
  /// have `count` slices in total.
  init?(_ rows: [Source], _ audio: AudioConfiguration, count: Int) {
    (hop, length) = (audio.hop, audio.sliceLength)
    var (sounds, soundOfSlice) = ([Sound](), [Int32]())
    for row in rows where row.slices > 0 {
      guard row.slices <= count - soundOfSlice.count else { return nil }
      // Without padding the last frames of the file are not in the cache.
      let cached = (row.slices - 1) * audio.hop
      let within = max(0, row.length(at: audio.sampleRate) - audio.sliceLength)
      sounds.append(
        Sound(
          first: soundOfSlice.count, count: row.slices, lastStart: min(cached, within)))
      soundOfSlice += [Int32](repeating: Int32(sounds.count - 1), count: row.slices)
    }
    guard soundOfSlice.count == count else { return nil }
    self.sounds = sounds
    self.soundOfSlice = soundOfSlice
  }

  /// Whether any crop can start at more than one frame.
  var leavesAChoice: Bool { sounds.contains { $0.lastStart > 0 } }

  /// Returns the pieces of the crop of slice `index`, in order.
  ///
  /// There are at most two, because slices leave no gaps: the slice with the crop's first frame
  /// reaches at least to the next slice, and a second slice reaches to the end of the crop.
  func pieces(_ index: Int, chance: Double) -> (Piece, Piece?) {
    let sound = sounds[Int(soundOfSlice[index])]
    let start = sound.start(of: index - sound.first, chance: chance)
    let first = piece(of: sound, from: start, target: 0)
    guard first.frames.count < length else { return (first, nil) }
    return (first, piece(of: sound, from: start, target: first.frames.count))
  }

  /// Returns the piece that begins at frame `target` of the crop with the start `start`, as long as
  /// one slice allows.
  private func piece(of sound: Sound, from start: Int, target: Int) -> Piece {
    let number = min((start + target) / hop, sound.count - 1)
    let first = start + target - number * hop
    let end = min(length, first + length - target)
    return Piece(slice: sound.first + number, frames: first..<end, target: target)
  }
}

extension Source {
  /// Returns the number of frames at `rate`, as decoding computes it:
  /// `⌈frames · rate / sampleRate⌉`.
  func length(at rate: Int) -> Int {
    guard frames > 0, sampleRate > 0 else { return 0 }
    let (product, overflow) = frames.multipliedReportingOverflow(by: rate)
    return overflow ? .max : product / sampleRate + (product.isMultiple(of: sampleRate) ? 0 : 1)
  }
}
