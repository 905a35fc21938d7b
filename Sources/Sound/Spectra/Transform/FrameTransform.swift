internal import ComplexModule
internal import RealModule
internal import SpecGANErrors

/// A transform of windowed frames of a signal and back, one block of frames at a time.
struct FrameTransform: ~Copyable {
  /// The number of frames in a block: at the reference's frame length their samples and spectra, 8
  /// KiB each, fit into a first-level cache together.
  static let block = 8

  let window: [Float]
  /// The window divided by the frame length, which undoes the scale of the transform.
  private let synthesisWindow: [Float]
  private var fft: RealFFT

  init(_ configuration: SpectrogramConfiguration) throws(SpecGANError) {
    try configuration.check()
    let fft = try RealFFT(length: configuration.frameLength, batch: Self.block)
    window = configuration.window.values(length: configuration.frameLength)
    synthesisWindow = window.map { $0 / Float(configuration.frameLength) }
    self.fft = fft
  }

  /// Calls `use` with the spectra of `frames`, `[frames, bins]`, for every block of frames in
  /// order.
  mutating func analyze(
    _ signal: Span<Float>, _ grid: FrameGrid,
    _ use: (_ frames: Range<Int>, _ spectra: Span<Complex<Float>>) -> Void
  ) {
    for frames in Self.blocks(grid.frameCount) {
      load(frames, of: signal, grid)
      fft.transformForward(frames.count) { use(frames, $0) }
    }
  }

  /// Overlap-adds the windowed frames of `spectra`, `[frames, bins]`, into `signal`, whose previous
  /// contents are overwritten.
  ///
  /// The result is the least-squares inverse before its division by `Σ w²`.
  mutating func overlapAdd(
    _ spectra: Span<Complex<Float>>, _ grid: FrameGrid, into signal: inout MutableSpan<Float>
  ) {
    require(
      spectra.count == grid.coefficientCount && signal.count == grid.signalLength,
      "\(spectra.count) coefficients and \(signal.count) samples do not fit \(grid)")
    signal.fill(0..<signal.count, with: 0)
    for frames in Self.blocks(grid.frameCount) {
      let bins = frames.lowerBound * grid.binCount..<frames.upperBound * grid.binCount
      fft.transformInverse(spectra.extracting(bins))
      add(frames, to: &signal, grid)
    }
  }

  private static func blocks(_ frameCount: Int) -> some Sequence<Range<Int>> {
    stride(from: 0, to: frameCount, by: block).lazy.map { $0..<min($0 + block, frameCount) }
  }

  /// Writes the windowed `frames` of `signal` into the transform's memory, and zeros after them.
  private mutating func load(_ frames: Range<Int>, of signal: Span<Float>, _ grid: FrameGrid) {
    let window = window
    fft.withFrames { memory in
      for (slot, frame) in frames.enumerated() {
        let positions = grid.positions(inFrame: frame)
        let start = grid.start(ofFrame: frame)
        let base = slot * grid.frameLength
        memory.fill(base..<base + positions.lowerBound, with: 0)
        memory.replace(
          from: base + positions.lowerBound,
          with: signal.extracting(start + positions.lowerBound..<start + positions.upperBound),
          times: window.span.extracting(positions))
        memory.fill(base + positions.upperBound..<base + grid.frameLength, with: 0)
      }
      memory.fill(frames.count * grid.frameLength..<memory.count, with: 0)
    }
  }

  private mutating func add(
    _ frames: Range<Int>, to signal: inout MutableSpan<Float>, _ grid: FrameGrid
  ) {
    let window = synthesisWindow
    fft.withFrames { memory in
      for (slot, frame) in frames.enumerated() {
        let positions = grid.positions(inFrame: frame)
        let base = slot * grid.frameLength
        signal.add(
          from: grid.start(ofFrame: frame) + positions.lowerBound,
          memory.span.extracting(base + positions.lowerBound..<base + positions.upperBound),
          times: window.span.extracting(positions))
      }
    }
  }
}
