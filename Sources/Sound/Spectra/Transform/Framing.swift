/// The position of a spectrogram's frames over its signal.
public enum Framing: Equatable, Sendable, CaseIterable {
  /// Frame `t` begins at sample `t · frameStep`. There are `ceil(n / frameStep)` frames; the last
  /// ones are padded with zeros. The reference and the networks use this framing.
  case published
  /// Frame `t` has its middle at sample `t · frameStep`. There are `1 + ceil(n / frameStep)`
  /// frames; the first and last ones are padded with zeros. librosa rounds down instead; if `n` is
  /// not a multiple of `frameStep`, its last samples are only under the edge of a window.
  /// Spectrograms of that length are accepted, but not computed.
  case centered

  /// Returns the number of frames of a signal of `length` samples.
  func frameCount(of length: Int, step: Int) -> Int {
    let steps = (length + step - 1) / step
    return self == .published ? steps : 1 + steps
  }

  /// Returns the default length of a signal of `frameCount` frames, in samples: a multiple of
  /// `step`.
  func wholeLength(frameCount: Int, step: Int) -> Int {
    (self == .published ? frameCount : frameCount - 1) * step
  }

  /// Returns the possible lengths of a signal with `frameCount` frames, which is at least 1.
  func possibleLengths(frameCount: Int, step: Int) -> ClosedRange<Int> {
    switch self {
    case .published: (frameCount - 1) * step + 1...frameCount * step
    case .centered: max(1, (frameCount - 2) * step + 1)...max(1, frameCount * step - 1)
    }
  }
}
