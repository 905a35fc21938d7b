public import SpecGANErrors

extension AudioConfiguration {
  /// The distance between the starts of two slices, in frames: `sliceLength · (1 − overlap)`,
  /// rounded, at least 1.
  ///
  /// - Precondition: `sliceLength` is positive and `overlap` in `[0, 1)`.
  package var hop: Int {
    require(sliceLength > 0, "sliceLength (=\(sliceLength)) must be positive")
    require((0..<1).contains(overlap), "overlap (=\(overlap)) must be in [0, 1)")
    return max(1, Int((Double(sliceLength) * (1 - overlap)).rounded()))
  }

  /// Returns the first frames of the slices of a clip of `frameCount` frames.
  ///
  /// Slices start at multiples of ``hop``. Without `padEnd`, every slice lies completely in the
  /// clip; a shorter clip has none. With `padEnd`, a slice may extend past the end if the slice
  /// before it does not reach the end: every frame is in a slice, and no slice has only repeated
  /// frames. With `firstSliceOnly` there is one slice, at 0, padded if necessary. A clip of 0
  /// frames has no slices.
  package func sliceOffsets(frameCount: Int) -> StrideTo<Int> {
    let hop = hop
    guard frameCount > 0 else { return stride(from: 0, to: 0, by: hop) }
    if firstSliceOnly { return stride(from: 0, to: 1, by: hop) }
    let beyond = frameCount - sliceLength  // the last start of a complete slice
    if !padEnd { return stride(from: 0, to: beyond + 1, by: hop) }
    return stride(from: 0, to: max(1, beyond + hop), by: hop)
  }

  /// Returns the number of slices of a clip of `frameCount` frames; see
  /// ``sliceOffsets(frameCount:)``.
  package func sliceCount(frameCount: Int) -> Int {
    sliceOffsets(frameCount: frameCount).reduce(0) { count, _ in count + 1 }
  }
}

extension Waveform {
  /// Returns the slices of the waveform, each `[sliceLength, channels]`, interleaved.
  ///
  /// The waveform keeps its own channels and sample rate. With ``AudioConfiguration/padEnd`` every
  /// frame is in a slice; without, a waveform shorter than a slice has none.
  ///
  /// - Parameter configuration: the length of a slice, and where slices start.
  /// - Returns: the slices, in the order of time.
  /// - Throws: ``SpecGANError`` of kind `badSetting` if `sliceLength` is not in 1 to 16777216, or
  ///   `overlap` is not in `[0, 1)`.
  public func slices(_ configuration: AudioConfiguration) throws(SpecGANError) -> [[Float]] {
    guard AudioConfiguration.sliceLengths.contains(configuration.sliceLength) else {
      throw .slicing(key: "audio.slice_length", found: "\(configuration.sliceLength)")
    }
    guard AudioConfiguration.overlaps.contains(configuration.overlap) else {
      throw .slicing(key: "audio.overlap", found: "\(configuration.overlap)")
    }
    return configuration.sliceOffsets(frameCount: frameCount).map { offset in
      slice(at: offset, length: configuration.sliceLength)
    }
  }

  /// Returns `length` frames from `offset` on, padded with zeros: shape `[length, channels]`.
  ///
  /// - Precondition: `offset` and `length` are not negative.
  package func slice(at offset: Int, length: Int) -> [Float] {
    require(offset >= 0 && length >= 0, "offset (=\(offset)), length (=\(length))")
    let start = min(offset, frameCount) * channels
    let end = min(offset + length, frameCount) * channels
    let padding = repeatElement(Float(0), count: length * channels - (end - start))
    return Array(samples[start..<end]) + padding
  }
}
