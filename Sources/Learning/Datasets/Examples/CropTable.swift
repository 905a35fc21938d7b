internal import Waveforms

/// Where crops of a cache's sounds may lie.
///
/// A crop is as long as a slice and starts at any frame of its sound, as long as all of it lies
/// within the sound: so it holds no padding, but where a sound is shorter than a slice and gives
/// the one it has. A sound of `n` slices gives `n` crops an epoch, each from its own `n`th of the
/// starts there are, so that all starts are as likely.
struct CropTable: Sendable {
  /// A sound, as far as it is in the cache.
  struct Sound: Equatable, Sendable {
    /// Its first slice.
    let first: Int
    /// Its slices.
    let count: Int
    /// The last frame that a crop may start at.
    let lastStart: Int

    /// Where slice `number`'s crop starts: `⌊(number + chance) · (lastStart + 1) / count⌋`.
    func start(of number: Int, chance: Double) -> Int {
      let start = (Double(number) + chance) * Double(lastStart + 1) / Double(count)
      // A product of such size may be rounded up to the one frame more.
      return min(Int(start), lastStart)
    }
  }

  /// A part of a crop that lies in one slice.
  struct Piece: Equatable, Sendable {
    let slice: Int
    /// Frames of the slice.
    let frames: Range<Int>
    /// The frame of the crop that they go to.
    let target: Int
  }

  private let sounds: [Sound]
  /// Of each slice, its sound.
  private let soundOfSlice: [Int32]
  private let hop: Int
  private let length: Int

  /// The crops of the sounds that `rows` are of, cut as `audio` says; nil where they have not
  /// `count` slices.
  init?(_ rows: [Source], _ audio: AudioConfiguration, count: Int) {
    (hop, length) = (audio.hop, audio.sliceLength)
    var (sounds, soundOfSlice) = ([Sound](), [Int32]())
    for row in rows where row.slices > 0 {
      guard row.slices <= count - soundOfSlice.count else { return nil }
      // Without padding the cache ends before the sound does.
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

  /// Whether some crop may start at more than one place.
  var leavesAChoice: Bool { sounds.contains { $0.lastStart > 0 } }

  /// The pieces that slice `index`'s crop is made of, in order.
  ///
  /// They are two at most: the slice that the crop starts in reaches to where the next one begins,
  /// or further, and the one that begins last before that reaches to the crop's end.
  func pieces(_ index: Int, chance: Double) -> (Piece, Piece?) {
    let sound = sounds[Int(soundOfSlice[index])]
    let start = sound.start(of: index - sound.first, chance: chance)
    let first = piece(of: sound, from: start, target: 0)
    guard first.frames.count < length else { return (first, nil) }
    return (first, piece(of: sound, from: start, target: first.frames.count))
  }

  /// What lies from frame `target` on of the crop that starts at `start`, as far as one slice has
  /// it.
  private func piece(of sound: Sound, from start: Int, target: Int) -> Piece {
    let number = min((start + target) / hop, sound.count - 1)
    let first = start + target - number * hop
    let end = min(length, first + length - target)
    return Piece(slice: sound.first + number, frames: first..<end, target: target)
  }
}

extension Source {
  /// Frames of the sound at `sampleRate`, as decoding makes them: `⌈frames · sampleRate / rate⌉`.
  func length(at sampleRate: Int) -> Int {
    guard frames > 0, rate > 0 else { return 0 }
    let (product, overflow) = frames.multipliedReportingOverflow(by: sampleRate)
    return overflow ? .max : product / rate + (product.isMultiple(of: rate) ? 0 : 1)
  }
}
