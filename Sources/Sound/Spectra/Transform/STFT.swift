public import ComplexModule
public import RealModule
public import SpecGANErrors

/// The short-time Fourier transform and its least-squares inverse.
///
/// The transform is unscaled, as in the reference: `X[t, k] = Σ w[n] x[start(t) + n] e^(−2πikn/N)`,
/// with zeros beyond the signal. The error of an element is at most 4·10⁻⁷ of the largest one in
/// its frame.
public struct STFT: ~Copyable {
  /// The settings.
  public let configuration: SpectrogramConfiguration
  /// The number of bins of a frame: zero frequency first, Nyquist last.
  public var binCount: Int { configuration.binCount }
  private var frames: FrameTransform
  private let merging: BinMerging?
  /// The magnitudes of a block of frames before they are merged; empty if none are.
  private var unmerged: [Float]

  /// Creates a transform; the default settings are those of the reference.
  ///
  /// - Throws: ``SpecGANError`` if a setting is out of range.
  public init(_ configuration: SpectrogramConfiguration = .init()) throws(SpecGANError) {
    let frames = try FrameTransform(configuration)
    self.configuration = configuration
    self.frames = frames
    merging = BinMerging(configuration)
    unmerged =
      merging == nil
      ? [] : [Float](repeating: 0, count: FrameTransform.block * configuration.binCount)
  }

  /// Returns the number of frames of `length` samples; see ``Framing``.
  public func frameCount(of length: Int, framing: Framing = .published) -> Int {
    framing.frameCount(of: length, step: configuration.frameStep)
  }

  /// Transforms `samples` into `spectrum`, `[frames, bins]`.
  ///
  /// - Precondition: `spectrum` has `frameCount(of:framing:) * binCount` elements.
  public mutating func transform(
    _ samples: Span<Float>, framing: Framing = .published,
    into spectrum: inout MutableSpan<Complex<Float>>
  ) {
    let grid = FrameGrid(configuration, framing, length: samples.count)
    Self.check(spectrum.count, grid)
    frames.analyze(samples, grid) { frames, bins in
      let first = frames.lowerBound * grid.binCount
      for index in bins.indices { spectrum[first + index] = bins[index] }
    }
  }

  /// Writes the signal whose transform is closest to `spectrum`, `[frames, bins]`, to `samples`.
  ///
  /// The inverse of a signal's transform is the signal, except for the samples of the published
  /// framing that are only under the edge of a window (the first 15 of 256 / 128): they fade out.
  ///
  /// Source: Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984,
  /// equation 6.
  /// - Precondition: `spectrum` has `frameCount(of: samples.count, framing:) * binCount` elements.
  public mutating func inverse(
    _ spectrum: Span<Complex<Float>>, framing: Framing = .published,
    into samples: inout MutableSpan<Float>
  ) {
    let grid = FrameGrid(configuration, framing, length: samples.count)
    Self.check(spectrum.count, grid)
    frames.overlapAdd(spectrum, grid, into: &samples)
    let weights = grid.leastSquaresWeights(frames.window)
    for index in samples.indices { samples[index] *= weights[index] }
  }

  private static func check(_ count: Int, _ grid: FrameGrid) {
    require(
      count == grid.coefficientCount,
      """
      \(grid.signalLength) samples have \(grid.frameCount) frames of \(grid.binCount) bins, not \
      \(count) coefficients
      """)
  }
}

// MARK: - Magnitudes

extension STFT {
  /// Returns `|X|` of every frame: linear, unscaled.
  public mutating func magnitudes(
    of samples: Span<Float>, framing: Framing = .published
  ) -> MagnitudeSpectrogram {
    magnitudes(of: samples, FrameGrid(configuration, framing, length: samples.count), framing)
  }

  /// Returns `ln(|X| + logFloor)` of every frame of the published framing, `[frames, bins]`.
  ///
  /// A bin of `a` times the magnitude of its frame's peak is exact to 4·10⁻⁷ / a; a silent bin is
  /// exact to rounding.
  public mutating func logMagnitudes(of samples: Span<Float>) -> [Float] {
    let count = frameCount(of: samples.count) * binCount
    var values = [Float](repeating: 0, count: count)
    var logarithms = values.mutableSpan
    logMagnitudes(of: samples, into: &logarithms)
    return values
  }

  /// Writes `ln(|X| + logFloor)` of every frame of the published framing to `values`.
  ///
  /// - Precondition: `values` has `frameCount(of: samples.count) * binCount` elements.
  public mutating func logMagnitudes(
    of samples: Span<Float>, into values: inout MutableSpan<Float>
  ) {
    let grid = FrameGrid(configuration, .published, length: samples.count)
    Self.check(values.count, grid)
    write(magnitudesOf: samples, grid, to: &values)
    values.takeLogarithms(floor: configuration.logFloor)
  }

  /// Writes `ln(|X| + logFloor)` of every band of every frame of the published framing to `values`:
  /// what a picture shows, and the Nyquist bin. Without merged bins these are
  /// ``logMagnitudes(of:into:)``.
  ///
  /// - Precondition: `values` has `frameCount(of: samples.count) * configuration.bandCount`
  ///   elements.
  public mutating func logBandMagnitudes(
    of samples: Span<Float>, into values: inout MutableSpan<Float>
  ) {
    guard let merging else { return logMagnitudes(of: samples, into: &values) }
    let grid = FrameGrid(configuration, .published, length: samples.count)
    require(
      values.count == grid.frameCount * merging.bandCount,
      "\(values.count) elements are not \(grid.frameCount) frames of \(merging.bandCount) bands")
    var block: [Float] = []
    swap(&block, &unmerged)
    frames.analyze(samples, grid) { frames, spectra in
      var magnitudes = block.mutableSpan
      spectra.writeMagnitudes(to: &magnitudes, from: 0)
      merging.merge(
        magnitudes.span.extracting(first: spectra.count), into: &values, from: frames.lowerBound)
    }
    swap(&block, &unmerged)
    values.takeLogarithms(floor: configuration.logFloor)
  }

  /// Returns what ``logBandMagnitudes(of:into:)`` writes, `[frames, bands]`.
  public mutating func logBandMagnitudes(of samples: Span<Float>) -> [Float] {
    let count = frameCount(of: samples.count) * configuration.bandCount
    var values = [Float](repeating: 0, count: count)
    var logarithms = values.mutableSpan
    logBandMagnitudes(of: samples, into: &logarithms)
    return values
  }

  /// Returns `|X|` of the frames of `grid`, whose framing is `framing`.
  mutating func magnitudes(
    of samples: Span<Float>, _ grid: FrameGrid, _ framing: Framing
  ) -> MagnitudeSpectrogram {
    MagnitudeSpectrogram(
      frameCount: grid.frameCount, binCount: binCount, values: magnitudes(of: samples, grid),
      framing: framing)
  }

  private mutating func magnitudes(of samples: Span<Float>, _ grid: FrameGrid) -> [Float] {
    var values = [Float](repeating: 0, count: grid.coefficientCount)
    var magnitudes = values.mutableSpan
    write(magnitudesOf: samples, grid, to: &magnitudes)
    return values
  }

  private mutating func write(
    magnitudesOf samples: Span<Float>, _ grid: FrameGrid, to magnitudes: inout MutableSpan<Float>
  ) {
    frames.analyze(samples, grid) { frames, spectra in
      spectra.writeMagnitudes(to: &magnitudes, from: frames.lowerBound * grid.binCount)
    }
  }
}

// MARK: - Arrays

extension STFT {
  /// Returns the transform of `samples`, `[frames, bins]`.
  ///
  /// - Parameters:
  ///   - samples: the signal, of any length.
  ///   - framing: the position of the frames.
  /// - Returns: the coefficients, unscaled.
  public mutating func transform(
    _ samples: [Float], framing: Framing = .published
  ) -> [Complex<Float>] {
    let count = frameCount(of: samples.count, framing: framing) * binCount
    var bins = [Complex<Float>](repeating: .zero, count: count)
    var span = bins.mutableSpan
    transform(samples.span, framing: framing, into: &span)
    return bins
  }

  /// Returns the signal whose transform is closest to `spectrum`, in least squares.
  ///
  /// - Parameters:
  ///   - spectrum: the coefficients, `[frames, bins]`.
  ///   - length: the number of samples; it must give the number of frames in `spectrum`.
  ///   - framing: the position of the frames.
  /// - Precondition: `spectrum` has exactly the frames of a signal of `length` samples.
  /// - Returns: the samples.
  public mutating func inverse(
    _ spectrum: [Complex<Float>], length: Int, framing: Framing = .published
  ) -> [Float] {
    require(length >= 0, "length (=\(length)) must not be negative")
    var samples = [Float](repeating: 0, count: length)
    var span = samples.mutableSpan
    inverse(spectrum.span, framing: framing, into: &span)
    return samples
  }

  /// Returns `|X|` of every frame of `samples`: linear, unscaled.
  public mutating func magnitudes(
    of samples: [Float], framing: Framing = .published
  ) -> MagnitudeSpectrogram {
    magnitudes(of: samples.span, framing: framing)
  }

  /// Returns `ln(|X| + logFloor)` of every frame of the published framing, `[frames, bins]`.
  public mutating func logMagnitudes(of samples: [Float]) -> [Float] {
    logMagnitudes(of: samples.span)
  }
}
