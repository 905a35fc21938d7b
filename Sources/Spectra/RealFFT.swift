public import ComplexModule
public import RealModule

/// A planned batch of real discrete Fourier transforms of one length, and the memory it runs in.
///
/// Neither direction scales: `inverse(forward(x)) = length · x`. Every element is within 4·10⁻⁷ of
/// its transform's largest one, for lengths to 4096. Plans are estimated, because measured ones
/// give other bits from run to run.
///
/// Source: FFTW 3.3.10 manual, "Advanced Real-data DFTs" and "Thread safety": executing is
/// reentrant, planning and destroying are not, so they take one lock.
@safe public struct RealFFT: ~Copyable, @unchecked Sendable {  // one owner: moved, never shared
  /// Samples of one transform; even.
  public let length: Int
  /// Transforms in one execution.
  public let batch: Int
  /// Bins of one transform, `length / 2 + 1`: zero frequency first, Nyquist last.
  public var binCount: Int { length / 2 + 1 }

  private var frames: AlignedBuffer<Float>
  private var spectra: AlignedBuffer<Complex<Float>>
  private let forwardPlan: Plan
  private let inversePlan: Plan

  /// Plans `batch` transforms of `length` samples in both directions.
  ///
  /// - Precondition: `batch` is positive.
  /// - Throws: ``SpectraError`` where `length` is odd or out of range, or there is no memory.
  public init(length: Int, batch: Int = 1) throws(SpectraError) {
    precondition(batch > 0, "a batch has at least one transform, not \(batch)")
    try SpectrogramConfiguration.check(frameLength: length)
    let frames = try AlignedBuffer<Float>(repeating: 0, count: batch * length)
    let spectra = try AlignedBuffer<Complex<Float>>(
      repeating: 0, count: batch * (length / 2 + 1))
    let geometry = Plan.Geometry(length: length, batch: batch)
    guard let forwardPlan = Plan.forward(geometry, frames, spectra),
      let inversePlan = Plan.inverse(geometry, spectra, frames)
    else { throw .unplannable(length: length, batch: batch) }
    self.length = length
    self.batch = batch
    self.frames = frames
    self.spectra = spectra
    self.forwardPlan = forwardPlan
    self.inversePlan = inversePlan
  }

  /// The spectra of up to `batch` frames: `X[k] = Σ x[n] e^(−2πikn/length)`.
  ///
  /// `frames` is `[count, length]` and `result` `[count, binCount]`, `count` at most `batch`.
  public mutating func forward(
    _ samples: Span<Float>, into result: inout MutableSpan<Complex<Float>>
  ) {
    checkCounts(frames: samples.count, bins: result.count)
    frames.withMutableSpan { $0.replacePrefix(with: samples, fillingWith: 0) }
    transformForward()
    spectra.withSpan { result.replaceAll(with: $0) }
  }

  /// The frames of up to `batch` spectra, times `length`.
  ///
  /// `spectra` is `[count, binCount]` and `result` `[count, length]`, `count` at most `batch`. The
  /// imaginary parts of the first and last bin are taken for zero.
  public mutating func inverse(
    _ bins: Span<Complex<Float>>, into result: inout MutableSpan<Float>
  ) {
    checkCounts(frames: result.count, bins: bins.count)
    spectra.withMutableSpan { $0.replacePrefix(with: bins, fillingWith: 0) }
    transformInverse()
    frames.withSpan { result.replaceAll(with: $0) }
  }

  private func checkCounts(frames: Int, bins: Int) {
    let count = frames / length
    precondition(
      frames == count * length && bins == count * binCount && count <= batch,
      "\(frames) samples and \(bins) bins are not up to \(batch) transforms of \(length) samples")
  }
}

// MARK: - In its own memory, without copies

extension RealFFT {
  /// Gives `body` the frames, `[batch, length]`: what `transformForward` reads and destroys.
  mutating func withFrames<Result>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
    frames.withMutableSpan(body)
  }

  /// Gives `body` the spectra, `[batch, binCount]`: what `transformInverse` reads and destroys.
  mutating func withSpectra<Result>(
    _ body: (inout MutableSpan<Complex<Float>>) -> Result
  ) -> Result {
    spectra.withMutableSpan(body)
  }

  mutating func transformForward() { forwardPlan.execute() }

  mutating func transformInverse() { inversePlan.execute() }
}
