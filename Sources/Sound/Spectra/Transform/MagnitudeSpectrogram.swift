internal import SpecGANErrors

/// The magnitudes of a short-time Fourier transform, without its phases.
public struct MagnitudeSpectrogram: Equatable, Sendable {
  /// The number of frames.
  public let frameCount: Int
  /// The number of bins of a frame: zero frequency first, Nyquist last.
  public let binCount: Int
  /// The magnitudes, `[frames, bins]`: linear, not negative, of the unscaled transform.
  public let values: [Float]
  /// The position of the frames over the signal.
  public let framing: Framing

  /// Creates a spectrogram of `values`, `[frames, bins]`.
  ///
  /// - Precondition: `values` has `frameCount * binCount` elements.
  public init(frameCount: Int, binCount: Int, values: [Float], framing: Framing) {
    require(
      frameCount >= 0 && binCount > 0 && values.count == frameCount * binCount,
      "\(values.count) magnitudes are not \(frameCount) frames of \(binCount) bins")
    self.frameCount = frameCount
    self.binCount = binCount
    self.values = values
    self.framing = framing
  }

  /// Returns `ln(value + floor)` of every element, `[frames, bins]`.
  ///
  /// With the `logFloor` of an ``STFT``, the result has the bits of its log-magnitudes.
  public func logarithms(floor: Float) -> [Float] {
    var logarithms = values
    var elements = logarithms.mutableSpan
    elements.takeLogarithms(floor: floor)
    return logarithms
  }

  /// Returns the spectrogram divided by a power of two, and that power. The largest value, `peak`
  /// before, then is in `[1, 2)`, or less if it is subnormal.
  ///
  /// Squares of the result neither overflow nor underflow, and a power of two changes no bits of a
  /// significand.
  func scaledToOne(peak: Float) -> (spectrogram: MagnitudeSpectrogram, factor: Float) {
    let exponent = max(peak.exponent, Float.leastNormalMagnitude.exponent)
    guard peak > 0, exponent != 0 else { return (self, 1) }
    let scale = Float(sign: .plus, exponent: -exponent, significand: 1)
    let scaled = MagnitudeSpectrogram(
      frameCount: frameCount, binCount: binCount, values: values.map { $0 * scale },
      framing: framing)
    return (scaled, Float(sign: .plus, exponent: exponent, significand: 1))
  }

  /// Returns the number of samples of its signal: `wanted`, or by default a multiple of `step`.
  ///
  /// - Throws: ``SpecGANError`` if there are no frames, or `wanted` is not possible.
  func checkedLength(_ wanted: Int?, step: Int) throws(SpecGANError) -> Int {
    guard frameCount > 0 else { throw .noFrames }
    let length = wanted ?? framing.wholeLength(frameCount: frameCount, step: step)
    let possible = framing.possibleLengths(frameCount: frameCount, step: step)
    guard possible.contains(length) else {
      throw .length(found: length, frameCount: frameCount, possible: possible)
    }
    return length
  }

  func checkValues(expectedBins: Int) throws(SpecGANError) {
    _ = try checkedPeak(expectedBins: expectedBins)
  }

  /// Returns the largest value.
  ///
  /// - Throws: ``SpecGANError`` if the number of bins differs, or a value is negative or not
  ///   finite.
  func checkedPeak(expectedBins: Int) throws(SpecGANError) -> Float {
    guard binCount == expectedBins else {
      throw .binCount(found: binCount, expected: expectedBins)
    }
    if let peak = values.span.largestMagnitude { return peak }
    guard let bad = values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) else {
      return values.reduce(0, max)  // a negative zero
    }
    throw .magnitude(found: values[bad], frame: bad / binCount, bin: bad % binCount)
  }
}
