package import Scores
package import SpecGANDatasets
package import SpecGANErrors
internal import SpecGANRandomness
internal import SpecGANTensors

extension Features {
  /// Returns random short slices of the waveforms in `cache`.
  ///
  /// - Parameters:
  ///   - cache: the cache.
  ///   - length: the number of samples in a slice.
  ///   - count: the number of rows.
  ///   - seed: the random seed of the positions.
  /// - Returns: the slices, one per row.
  /// - Throws: ``SpecGANError`` if the cache cannot be read, or its slices are shorter than
  ///   `length`.
  package static func slices(
    of cache: Cache, length: Int, count: Int, seed: UInt64
  ) throws(SpecGANError) -> Features {
    let examples = try examples { () throws(SpecGANError) in try cache.slices() }
    let (samples, channels) = (examples.shape[1], examples.shape[2])
    guard 1...samples ~= length else {
      throw .setting(
        name: "The slice length", found: "\(length)", allowed: "1 to \(samples), as in the cache"
      )
    }
    let places = Places(count, seed: seed, row: 0, examples.count, samples - length + 1, channels)
    return try cut(examples, places, size: length) { sound, first, channel, patch in
      for sample in first..<first + length { patch.append(sound[sample * channels + channel]) }
    }
  }

  /// Returns random patches, `[frames, bins]`, of the spectrograms in `cache`, each of one channel.
  ///
  /// - Parameters:
  ///   - cache: the cache.
  ///   - frames: the number of frames in a patch.
  ///   - bins: the number of bins in a patch.
  ///   - count: the number of rows.
  ///   - seed: the random seed of the positions.
  /// - Returns: the patches, one per row, as `[frames, bins]`.
  /// - Throws: ``SpecGANError`` if the cache cannot be read, or its spectrograms are smaller than a
  ///   patch.
  package static func patches(
    of cache: Cache, frames: Int, bins: Int, count: Int, seed: UInt64
  ) throws(SpecGANError) -> Features {
    let examples = try examples { () throws(SpecGANError) in try cache.spectrograms() }
    let (length, height, channels) = (examples.shape[0], examples.shape[1], examples.shape[2])
    guard 1...length ~= frames else {
      throw .setting(name: "The patch length", found: "\(frames)", allowed: "1 to \(length)")
    }
    guard 1...height ~= bins else {
      throw .setting(name: "The patch height", found: "\(bins)", allowed: "1 to \(height)")
    }
    let places = Places(
      count, seed: seed, row: 1, examples.count, length - frames + 1,
      (height - bins + 1) * channels)
    return try cut(examples, places, size: frames * bins) { spectrogram, frame, element, patch in
      let (bin, channel) = element.quotientAndRemainder(dividingBy: channels)
      for row in frame..<frame + frames {
        for column in bin..<bin + bins {
          patch.append(spectrogram[(row * height + column) * channels + channel])
        }
      }
    }
  }

  private static func examples(
    _ body: () throws(SpecGANError) -> CachedExamples
  ) throws(SpecGANError) -> CachedExamples {
    return try body()
  }

  /// Returns the rows that `append` adds for every position, example by example, so that each is
  /// read once.
  private static func cut(
    _ examples: CachedExamples, _ places: Places, size: Int,
    _ append: (Span<Float>, _ first: Int, _ second: Int, inout [Float]) -> Void
  ) throws(SpecGANError) -> Features {
    var values: [Float] = []
    values.reserveCapacity(places.sorted.count * size)
    let example = Tensor(shape: [1] + examples.shape)
    var loaded = -1
    for place in places.sorted {
      if place.example != loaded {
        examples.copy(place.example, to: 0, of: example.view)
        guard example.withSpan({ $0.isFinite }) else {
          throw .notFinite(what: "cache's examples", row: place.example)
        }
      }
      loaded = place.example
      example.withSpan { append($0, place.first, place.second, &values) }
    }
    return try Features(values, dimension: size)
  }
}

/// Random positions in examples with two axes, in the order of the examples.
private struct Places {
  package let sorted: [(example: Int, first: Int, second: Int)]

  package init(
    _ count: Int, seed: UInt64, row: UInt32, _ examples: Int, _ first: Int, _ second: Int
  ) {
    let chance = RandomStream(seed: seed, purpose: .patches, row: row)
    sorted = (0..<count).map { number in
      let index = UInt64(3 * number)
      return (
        chance.integer(below: examples, at: index), chance.integer(below: first, at: index + 1),
        chance.integer(below: second, at: index + 2)
      )
    }.sorted { $0 < $1 }
  }
}
