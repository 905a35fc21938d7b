internal import ComplexModule
internal import RealModule
internal import SpecGANErrors

// Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984.

/// The projection onto consistent coefficients, which are those of a signal:
/// `P_C = STFT ∘ least-squares inverse`.
///
/// The signal is zero outside its length; of all such signals it is the closest in least squares.
/// The two halves are separate calls, so that an algorithm can process each block of the result
/// while it is in the cache.
struct ConsistentProjection: ~Copyable {
  let grid: FrameGrid
  private let weights: [Float]
  private var frames: FrameTransform

  /// Plans the projection.
  ///
  /// - Precondition: under `grid`, no sample lies only under the edge of a window.
  init(_ configuration: SpectrogramConfiguration, _ grid: FrameGrid) throws(SpecGANError) {
    let frames = try FrameTransform(configuration)
    self.grid = grid
    weights = grid.leastSquaresWeights(frames.window)
    self.frames = frames
  }

  /// The first half: the least-squares inverse of `coefficients`, `[frames, bins]`, as `signal`.
  mutating func synthesize(_ coefficients: [Complex<Float>], into signal: inout [Float]) {
    var samples = signal.mutableSpan
    frames.overlapAdd(coefficients.span, grid, into: &samples)
    samples.scale(by: weights.span)
  }

  /// The second half: the coefficients of `signal`, block by block, with the first one's index.
  mutating func analyze(
    _ signal: [Float], _ use: (_ first: Int, _ consistent: Span<Complex<Float>>) -> Void
  ) {
    let bins = grid.binCount
    frames.analyze(signal.span, grid) { use($0.lowerBound * bins, $1) }
  }
}
