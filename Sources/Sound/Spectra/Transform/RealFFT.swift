public import ComplexModule
internal import CSpecGANKernels
public import RealModule
public import SpecGANErrors

/// A plan for batches of real discrete Fourier transforms of one length, with its memory.
///
/// Neither direction scales: `inverse(forward(x)) = length · x`. The error of an element is at most
/// 4·10⁻⁷ of the largest one in its transform, for lengths up to 4096. Plans are estimated, because
/// measured plans give different bits from run to run.
///
/// FFTW's complex transforms use vector instructions, its real ones hardly do. Therefore pairs of
/// samples are treated as complex numbers: a transform of half the length, and a pass over its
/// results.
///
/// Source: FFTW 3.3.10 manual, "Advanced Complex DFTs" and "Thread safety": executing is reentrant,
/// planning and destroying are not, so they take one lock. Press, Teukolsky, Vetterling and
/// Flannery, "Numerical Recipes", section 12.3, for the pairs.
@safe public struct RealFFT: ~Copyable, @unchecked Sendable {  // one owner: moved, never shared
  /// The number of samples of one transform; even.
  public let length: Int
  /// The largest number of transforms of one call.
  public let batch: Int
  /// The number of bins of one transform, `length / 2 + 1`: zero frequency first, Nyquist last.
  public var binCount: Int { length / 2 + 1 }

  /// The samples, `[batch, length]`.
  private var frames: AlignedBuffer<Float>
  /// The transforms of the pairs, `[batch, length / 2]`.
  private var pairs: AlignedBuffer<Complex<Float>>
  private var spectra: AlignedBuffer<Complex<Float>>
  /// `e^(2πik/length)` for `k` in `0 ..< length / 2`.
  private let circle: [Complex<Float>]
  private let forwardPlan: Plan
  private let inversePlan: Plan

  /// Plans `batch` transforms of `length` samples in both directions.
  ///
  /// - Precondition: `batch` is positive.
  /// - Throws: ``SpecGANError`` if `length` is odd or out of range, or memory is insufficient.
  public init(length: Int, batch: Int = 1) throws(SpecGANError) {
    require(batch > 0, "a batch has at least one transform, not \(batch)")
    try SpectrogramConfiguration.check(frameLength: length)
    let half = length / 2
    let frames = try AlignedBuffer<Float>(repeating: 0, count: batch * length)
    let pairs = try AlignedBuffer<Complex<Float>>(repeating: 0, count: batch * half)
    let spectra = try AlignedBuffer<Complex<Float>>(repeating: 0, count: batch * (half + 1))
    let geometry = Plan.Geometry(length: half, batch: batch)
    let (samples, numbers) = unsafe (frames.complexAddress, pairs.complexAddress)
    guard
      let forwardPlan = unsafe Plan.transform(
        geometry, isForward: true, from: samples, to: numbers),
      let inversePlan = unsafe Plan.transform(
        geometry, isForward: false, from: numbers, to: samples)
    else { throw .unplannable(length: length, batch: batch) }
    self.length = length
    self.batch = batch
    self.frames = frames
    self.pairs = pairs
    self.spectra = spectra
    circle = (0..<half).map {
      let angle = 2 * Double.pi * Double($0) / Double(length)
      return Complex(Float(Double.cos(angle)), Float(Double.sin(angle)))
    }
    self.forwardPlan = forwardPlan
    self.inversePlan = inversePlan
  }

  /// Transforms up to `batch` frames: `X[k] = Σ x[n] e^(−2πikn/length)`.
  ///
  /// `frames` is `[count, length]` and `result` `[count, binCount]`, `count` at most `batch`.
  public mutating func forward(
    _ samples: Span<Float>, into result: inout MutableSpan<Complex<Float>>
  ) {
    let count = checkedCount(frames: samples.count, bins: result.count)
    frames.withMutableSpan { $0.replacePrefix(with: samples, fillingWith: 0) }
    transformForward(count) { result.replaceAll(with: $0) }
  }

  /// Transforms up to `batch` spectra back, scaled by `length`.
  ///
  /// `spectra` is `[count, binCount]` and `result` `[count, length]`, `count` at most `batch`. The
  /// imaginary parts of the first and last bin are ignored.
  public mutating func inverse(
    _ bins: Span<Complex<Float>>, into result: inout MutableSpan<Float>
  ) {
    _ = checkedCount(frames: result.count, bins: bins.count)
    transformInverse(bins)
    frames.withSpan { result.replaceAll(with: $0) }
  }

  private func checkedCount(frames: Int, bins: Int) -> Int {
    let count = frames / length
    require(
      frames == count * length && bins == count * binCount && count <= batch,
      "\(frames) samples and \(bins) bins are not up to \(batch) transforms of \(length) samples")
    return count
  }
}

// MARK: - In place, without copies

extension RealFFT {
  /// Calls `body` with the frames, `[batch, length]`: the input of `transformForward`, which
  /// overwrites them, and the output of `transformInverse`.
  mutating func withFrames<Result>(_ body: (inout MutableSpan<Float>) -> Result) -> Result {
    frames.withMutableSpan(body)
  }

  /// Transforms the frames and calls `use` with the spectra of the first `count`,
  /// `[count, binCount]`.
  mutating func transformForward(_ count: Int, _ use: (Span<Complex<Float>>) -> Void) {
    require((0...batch).contains(count), "\(count) transforms are not in a batch of \(batch)")
    forwardPlan.execute()
    unsafe circle.span.withNumbers { circle in
      unsafe specgan_spectra_of_pairs(
        pairs.numbers, circle, length / 2, count, spectra.mutableNumbers)
    }
    spectra.withSpan { use($0.extracting(first: count * binCount)) }
  }

  /// Replaces the frames by those of `bins`, `[count, binCount]`, scaled by `length`, and then
  /// zeros.
  ///
  /// - Precondition: `count` is at most `batch`.
  mutating func transformInverse(_ bins: Span<Complex<Float>>) {
    let (half, count) = (length / 2, bins.count / binCount)
    require(
      bins.count == count * binCount && count <= batch,
      "\(bins.count) bins are not up to \(batch) spectra of \(binCount)")
    unsafe circle.span.withNumbers { circle in
      unsafe bins.withNumbers { bins in
        unsafe specgan_pairs_of_spectra(bins, circle, half, count, pairs.mutableNumbers)
      }
    }
    pairs.withMutableSpan { $0.fill(count * half..<batch * half, with: 0) }
    inversePlan.execute()
  }
}
