extension AudioConfiguration {
  /// Frames from one slice's start to the next: `sliceLength · (1 − overlap)`, rounded, at least one.
  ///
  /// - Precondition: `sliceLength` is positive and `overlap` in `[0, 1)`.
  public var hop: Int {
    precondition(sliceLength > 0, "sliceLength (=\(sliceLength)) must be positive")
    precondition((0..<1).contains(overlap), "overlap (=\(overlap)) must be in [0, 1)")
    return max(1, Int((Double(sliceLength) * (1 - overlap)).rounded()))
  }

  /// The frames at which the slices of a sound of `frameCount` frames start.
  ///
  /// Slices start at multiples of ``hop``. Without `padEnd` all of a slice lies within the sound, so a
  /// shorter sound has none. With it a slice may reach past the end, as long as the one before did not
  /// yet get there: every frame is in some slice, and none holds nothing that is new. With
  /// `firstSliceOnly` there is the one at 0, padded or not. No frames give no slice.
  public func sliceOffsets(frameCount: Int) -> StrideTo<Int> {
    let hop = hop
    guard frameCount > 0 else { return stride(from: 0, to: 0, by: hop) }
    if firstSliceOnly { return stride(from: 0, to: 1, by: hop) }
    let beyond = frameCount - sliceLength  // the last start of a slice that lies within
    if !padEnd { return stride(from: 0, to: beyond + 1, by: hop) }
    return stride(from: 0, to: max(1, beyond + hop), by: hop)
  }
}

extension Waveform {
  /// The slices that `configuration` cuts the sound into; see ``AudioConfiguration/sliceOffsets(frameCount:)``.
  ///
  /// Each has shape `[sliceLength, channels]`, interleaved. Channels and rate are the sound's own.
  public func slices(_ configuration: AudioConfiguration) -> [[Float]] {
    configuration.sliceOffsets(frameCount: frameCount).map { offset in
      slice(at: offset, length: configuration.sliceLength)
    }
  }

  /// The `length` frames from `offset` on, zeros past the end: shape `[length, channels]`.
  ///
  /// - Precondition: `offset` and `length` are not negative.
  public func slice(at offset: Int, length: Int) -> [Float] {
    precondition(offset >= 0 && length >= 0, "offset (=\(offset)), length (=\(length))")
    let start = min(offset, frameCount) * channels
    let end = min(offset + length, frameCount) * channels
    let padding = repeatElement(Float(0), count: length * channels - (end - start))
    return Array(samples[start..<end]) + padding
  }
}
