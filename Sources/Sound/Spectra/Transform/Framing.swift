/// The position of a spectrogram's frames over its signal.
public enum Framing: Equatable, Sendable, CaseIterable {
  /// Frame `t` begins at sample `t · frameStep`; `ceil(n / frameStep)` frames; the last ones are
  /// filled with zeros. What the published code does, and the networks make.
  case published
  /// Frame `t` has its middle at sample `t · frameStep`; `1 + ceil(n / frameStep)` frames; the
  /// first and last ones are filled with zeros. librosa rounds down instead, and where `n` is no
  /// multiple of `frameStep` the last samples are hardly seen; its spectrograms are taken, not
  /// made.
  case centered

  /// How many frames a signal of `length` samples has.
  func frameCount(of length: Int, step: Int) -> Int {
    let steps = (length + step - 1) / step
    return self == .published ? steps : 1 + steps
  }

  /// The samples of a signal of `frameCount` frames unless told otherwise: whole steps.
  func wholeLength(frameCount: Int, step: Int) -> Int {
    (self == .published ? frameCount : frameCount - 1) * step
  }

  /// The lengths of the signals that can have `frameCount` frames, at least one.
  func possibleLengths(frameCount: Int, step: Int) -> ClosedRange<Int> {
    switch self {
    case .published: (frameCount - 1) * step + 1...frameCount * step
    case .centered: max(1, (frameCount - 2) * step + 1)...max(1, frameCount * step - 1)
    }
  }
}
