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

  /// A spectrogram of `values`, `[frames, bins]`.
  ///
  /// - Precondition: `values` holds `frameCount * binCount` numbers.
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
  /// With the floor of an ``STFT``'s configuration these are the bits of its log-magnitudes.
  public func logarithms(floor: Float) -> [Float] {
    var logarithms = values
    var elements = logarithms.mutableSpan
    elements.takeLogarithms(floor: floor)
    return logarithms
  }

  /// The spectrogram over a power of two, and that: its largest value, which was `peak`, comes into
  /// `[1, 2)`, or less where that is subnormal.
  ///
  /// Squares of what is left neither overflow nor vanish, and a power of two changes no bits.
  func scaledToOne(peak: Float) -> (spectrogram: MagnitudeSpectrogram, factor: Float) {
    let exponent = max(peak.exponent, Float.leastNormalMagnitude.exponent)
    guard peak > 0, exponent != 0 else { return (self, 1) }
    let scale = Float(sign: .plus, exponent: -exponent, significand: 1)
    let scaled = MagnitudeSpectrogram(
      frameCount: frameCount, binCount: binCount, values: values.map { $0 * scale },
      framing: framing)
    return (scaled, Float(sign: .plus, exponent: exponent, significand: 1))
  }

  /// The samples it is to become, by default whole steps.
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

  /// The largest value, where all are magnitudes.
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
