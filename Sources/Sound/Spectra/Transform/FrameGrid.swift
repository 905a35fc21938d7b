/// The length of a signal and the positions of its frames: frame `t` covers the samples from
/// `t · step − lead` on.
struct FrameGrid: Equatable, Sendable {
  let frameLength: Int
  let step: Int
  /// The number of samples by which frame 0 begins before the signal.
  let lead: Int
  let frameCount: Int
  let signalLength: Int

  var binCount: Int { frameLength / 2 + 1 }
  /// The number of coefficients of the complete spectrogram.
  var coefficientCount: Int { frameCount * binCount }

  func start(ofFrame frame: Int) -> Int { frame * step - lead }

  /// Returns the positions in `frame` that lie on the signal; the others are zeros.
  func positions(inFrame frame: Int) -> Range<Int> {
    let start = start(ofFrame: frame)
    let first = min(max(0, -start), frameLength)
    return first..<max(first, min(frameLength, signalLength - start))
  }
}

extension FrameGrid {
  /// Creates the grid of `length` samples under `framing`, by default with its number of frames.
  init(
    _ configuration: SpectrogramConfiguration, _ framing: Framing, length: Int,
    frameCount: Int? = nil
  ) {
    frameLength = configuration.frameLength
    step = configuration.frameStep
    lead = framing == .published ? 0 : configuration.frameLength / 2
    self.frameCount = frameCount ?? framing.frameCount(of: length, step: configuration.frameStep)
    signalLength = length
  }

  /// The grid of the same signal with frames added before the first, until sample 0 lies in the
  /// middle of a frame or after it: none for centered frames, one for the published 256 / 128.
  var extendedToTheLeft: (grid: FrameGrid, added: Int) {
    let added = max(0, (frameLength / 2 - lead + step - 1) / step)
    let grid = FrameGrid(
      frameLength: frameLength, step: step, lead: lead + added * step,
      frameCount: frameCount + added, signalLength: signalLength)
    return (grid, added)
  }

  /// Returns `1 / Σ w²` for every sample of the signal, by which the least-squares inverse
  /// multiplies.
  ///
  /// If the sum is less than `smallest`, the weight is that of `smallest`: the sample fades out,
  /// and rounding errors are not amplified.
  func leastSquaresWeights(_ window: [Float], smallest: Double = 1e-3) -> [Float] {
    var energy = [Double](repeating: 0, count: signalLength)
    for frame in 0..<frameCount {
      let start = start(ofFrame: frame)
      for position in positions(inFrame: frame) {
        energy[start + position] += Double(window[position]) * Double(window[position])
      }
    }
    return energy.map { Float(1 / max($0, smallest)) }
  }
}
