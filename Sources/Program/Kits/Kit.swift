package import SpecGANErrors

/// A drum kit: a voice per label, with its clips in layers by velocity.
package struct Kit: Equatable, Sendable {
  /// A clip of a kit.
  package struct Clip: Equatable, Sendable {
    /// The path of the file below the folder of the kit.
    package let file: String
    /// The measures of the file.
    package let measures: ClipMeasures
    /// The measures of the clip as it was generated, at its own level.
    package let generated: ClipMeasures

    package init(file: String, measures: ClipMeasures, generated: ClipMeasures) {
      (self.file, self.measures, self.generated) = (file, measures, generated)
    }
  }

  /// The clips that are played by one key, one after the other in each layer.
  package struct Voice: Equatable, Sendable {
    /// The label.
    package let label: String
    /// The key of MIDI.
    package let key: Int
    /// The clips for each range of velocities, the lowest first.
    package let layers: [Layer]

    /// Whether another hi-hat silences it.
    package var isHat: Bool { DrumKey.hats.contains(key) }
  }

  /// The clips for a range of velocities.
  package struct Layer: Equatable, Sendable {
    /// The velocities of MIDI, in 1 to 127.
    package let velocities: ClosedRange<Int>
    /// The clips, with the gain in dB at which each is played.
    package let clips: [(clip: Clip, gain: Double)]

    package static func == (left: Layer, right: Layer) -> Bool {
      left.velocities == right.velocities && left.clips.map(\.clip) == right.clips.map(\.clip)
        && left.clips.map(\.gain) == right.clips.map(\.gain)
    }
  }

  /// The name.
  package let name: String
  /// The voices, by rising key.
  package let voices: [Voice]

  /// Creates a kit.
  ///
  /// - Parameters:
  ///   - name: the name.
  ///   - clips: the clips of each label; at least one each.
  ///   - layers: the largest number of layers of a voice.
  /// - Throws: ``SpecGANError`` if there are more labels than keys.
  package init(
    name: String, clips: [(label: String, clips: [Clip])], layers: Int
  ) throws(SpecGANError) {
    self.name = name
    let keys = try DrumKey.keys(of: clips.map(\.label))
    voices = zip(clips, keys).map { group, key in
      Voice(label: group.label, key: key, layers: Layer.layers(of: group.clips, atMost: layers))
    }.sorted { $0.key < $1.key }
  }
}

extension Kit.Layer {
  /// The velocities of a note.
  private static let velocities = 1...127
  /// The largest gain of a sampler in dB, in SFZ 1.
  private static let largestGain = 6.0
  /// The largest peak that a gain gives, in dBFS.
  private static let ceiling = -1.0
  /// How far below the median a clip's loudness may pull that of all, in dB.
  private static let largestLoss = 12.0

  /// Divides `clips` into at most `count` layers of equal size, of equal ranges of velocity: clips
  /// that are louder and brighter as they were generated play at higher velocities.
  ///
  /// The order is by the sum of a clip's ranks in loudness and in brightness.
  static func layers(of clips: [Kit.Clip], atMost count: Int) -> [Kit.Layer] {
    let count = min(count, clips.count)
    let order = order(clips)
    let gains = gains(of: clips)
    return (0..<count).map { layer in
      // As generated within a layer: a kit's clips are in the order of their choice.
      let places = order[clips.count * layer / count..<clips.count * (layer + 1) / count].sorted()
      let last = velocities.upperBound
      return Kit.Layer(
        velocities: last * layer / count + 1...last * (layer + 1) / count,
        clips: places.map { (clips[$0], gains[$0]) })
    }
  }

  /// Returns the indices of `clips` from the softest and darkest to the loudest and brightest.
  private static func order(_ clips: [Kit.Clip]) -> [Int] {
    func ranks(_ value: (Kit.Clip) -> Double) -> [Int] {
      var ranks = [Int](repeating: 0, count: clips.count)
      let order = clips.indices.sorted { (value(clips[$0]), $0) < (value(clips[$1]), $1) }
      for (rank, place) in order.enumerated() { ranks[place] = rank }
      return ranks
    }
    let (loud, bright) = (ranks(\.generated.loudness), ranks(\.generated.brightness))
    let sums = clips.indices.map { loud[$0] + bright[$0] }
    return clips.indices.sorted { (sums[$0], bright[$0]) < (sums[$1], bright[$1]) }
  }

  /// Returns the gain in dB of each of `clips`, so that all have the largest loudness that each can
  /// have at a gain of at most 6 dB and a peak of at most −1 dBFS.
  ///
  /// A clip that cannot reach 12 dB below the median of these loudnesses does not lower the others;
  /// it gets its own largest gain.
  private static func gains(of clips: [Kit.Clip]) -> [Double] {
    let largest = clips.map { min(max(ceiling - $0.measures.peak, 0), largestGain) }
    let reachable = zip(clips, largest).map { $0.measures.loudness + $1 }
    let sorted = reachable.sorted()
    let target = max(sorted[0], sorted[sorted.count / 2] - largestLoss)
    return zip(clips, largest).map { min(target - $0.measures.loudness, $1) }
  }
}
