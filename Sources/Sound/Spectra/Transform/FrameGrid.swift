/// A signal's length and its frames: frame `t` covers the samples from `t · step − lead` on.
struct FrameGrid: Equatable, Sendable {
  let frameLength: Int
  let step: Int
  /// How many samples before the signal's first one frame 0 begins.
  let lead: Int
  let frameCount: Int
  let signalLength: Int

  var binCount: Int { frameLength / 2 + 1 }
  /// Coefficients of a whole spectrogram.
  var coefficientCount: Int { frameCount * binCount }

  func start(ofFrame frame: Int) -> Int { frame * step - lead }

  /// The positions within `frame` that lie on the signal; the others see zeros.
  func positions(inFrame frame: Int) -> Range<Int> {
    let start = start(ofFrame: frame)
    let first = min(max(0, -start), frameLength)
    return first..<max(first, min(frameLength, signalLength - start))
  }
}

extension FrameGrid {
  /// The frames of `length` samples under `framing`, as many as it says unless told otherwise.
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

  /// The same signal with as many frames put before the first as it takes for sample 0 to lie in
  /// the middle of a frame or after it: none for centred frames, one for the published 256 / 128.
  var extendedToTheLeft: (grid: FrameGrid, added: Int) {
    let added = max(0, (frameLength / 2 - lead + step - 1) / step)
    let grid = FrameGrid(
      frameLength: frameLength, step: step, lead: lead + added * step,
      frameCount: frameCount + added, signalLength: signalLength)
    return (grid, added)
  }

  /// `1 / Σ w²` for every sample of the signal: what makes overlapped windows an inverse.
  ///
  /// Where less than `smallest` of a window is seen, the weight is that of `smallest`: the sample
  /// fades out instead of blowing up rounding errors.
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
