internal import Scores
package import SpecGANErrors
package import Spectra

// Marafioti, Holighaus, Perraudin and Majdak, "Adversarial Generation of Time-Frequency Features
// with Application in Audio Synthesis", ICML 2019, section 3.2.

/// How much a spectrogram looks like that of any sound, by its magnitudes alone: without a
/// classifier, or other sounds.
///
/// Under the window `e^(−πt²/γ)` a short-time Fourier transform is an entire function but for a
/// known factor, and the logarithm of an entire function's magnitude is harmonic but at its zeros.
/// So for a sound, `γ ∂²/∂t² log|X| + π` and `γ⁻¹ ∂²/∂f² log|X| + π` add up to zero: their
/// magnitudes are the same. (The paper has γ = 4 H², H samples from frame to frame, and divides by
/// four: there both have π/4.) Differences stand for derivatives, and for another window γ is that
/// of the Gaussian most like it, so that the two are alike, not the same; their correlation says
/// how much. It depends on the window and the step, and is to be held against that of real sounds
/// under the same.
package struct SpectralConsistency: Sendable {
  private let binCount: Int
  /// `γ / H²`: of second differences from frame to frame.
  private let perFrame: Double
  /// `N² / γ`: of second differences from bin to bin.
  private let perBin: Double

  /// Nepers below the loudest bin where log-magnitudes are cut off: the paper's.
  ///
  /// What is cut off is flat, and both magnitudes are π there. It counts, as in the authors' code:
  /// a spectrogram too rough to have five neighbours above silence has a correlation as well.
  private static let range: Float = 10

  /// The consistency of spectrograms with the window and step of `configuration`.
  package init(_ configuration: SpectrogramConfiguration = .init()) {
    let length = Double(configuration.frameLength)
    let gamma = configuration.window.gaussianRatio * length * length
    binCount = configuration.binCount
    perFrame = gamma / Double(configuration.frameStep * configuration.frameStep)
    perBin = length * length / gamma
  }

  /// The correlation of the two magnitudes over a spectrogram, in `[−1, 1]`.
  ///
  /// - Parameters:
  ///   - logMagnitudes: natural logarithms, `[frames, bins]`, with or without the Nyquist bin.
  ///   - binCount: how many bins a frame has; the configuration's unless given.
  /// - Returns: the correlation; 1 where the two are the same but for a factor.
  /// - Precondition: `logMagnitudes` are frames of `binCount`.
  /// - Throws: ``SpecGANError`` where numbers are not finite, or a spectrogram has too few bins or
  ///   is silent.
  package func correlation(
    logMagnitudes: [Float], binCount: Int? = nil
  ) throws(SpecGANError) -> Double {
    let bins = binCount ?? self.binCount
    require(
      logMagnitudes.count.isMultiple(of: bins), "\(logMagnitudes.count) are no rows of \(bins)")
    if let bad = logMagnitudes.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "log-magnitudes", row: bad / bins)
    }
    let floor = (logMagnitudes.max() ?? 0) - Self.range
    let levels = logMagnitudes.map { max($0, floor) }
    var (first, second): ([Double], [Double]) = ([], [])
    for frame in 1..<max(levels.count / bins - 1, 1) {
      for bin in 1..<max(bins - 1, 1) {
        let place = frame * bins + bin
        let alongTime = Self.curvature(levels[place], levels[place - bins], levels[place + bins])
        let alongFrequency = Self.curvature(levels[place], levels[place - 1], levels[place + 1])
        first.append(abs(perFrame * alongTime + .pi))
        second.append(abs(perBin * alongFrequency + .pi))
      }
    }
    return try Self.correlation(first, second)
  }

  private static func curvature(_ middle: Float, _ left: Float, _ right: Float) -> Double {
    Double(left) + Double(right) - 2 * Double(middle)
  }

  private static func correlation(
    _ first: [Double], _ second: [Double]
  ) throws(SpecGANError) -> Double {
    guard first.count > 2 else {
      throw .tooFew(what: "bins with neighbours", found: first.count, needed: 3)
    }
    let (x, y) = (MeanAndDeviation(of: first), MeanAndDeviation(of: second))
    // What rounding leaves of equal numbers.
    guard x.deviation > 1e-9 * x.mean, y.deviation > 1e-9 * y.mean else {
      throw .constant(what: "curvatures of the spectrogram")
    }
    return covariance(first, second) / (x.deviation * y.deviation)
  }
}
