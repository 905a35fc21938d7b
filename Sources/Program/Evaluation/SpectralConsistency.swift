internal import Scores
package import SpecGANErrors
package import Spectra

// Marafioti, Holighaus, Perraudin and Majdak, "Adversarial Generation of Time-Frequency Features
// with Application in Audio Synthesis", ICML 2019, section 3.2.

/// The consistency of a magnitude spectrogram: a measure of its resemblance to spectrograms of real
/// audio, without a classifier or other clips.
///
/// Under the window `e^(−πt²/γ)` a short-time Fourier transform is an entire function except for a
/// known factor, and the logarithm of an entire function's magnitude is harmonic except at its
/// zeros. Therefore `γ ∂²/∂t² log|X| + π` and `γ⁻¹ ∂²/∂f² log|X| + π` sum to zero for the transform
/// of audio: their magnitudes are equal. (The paper has γ = 4 H², with H samples between frames,
/// and divides by four: both terms have π/4 there.) Derivatives are approximated by differences,
/// and another window has the γ of the closest Gaussian, so that the two magnitudes are similar
/// rather than equal. Their correlation is the measure. It depends on the window and the step;
/// compare it with that of real audio under the same settings.
package struct SpectralConsistency: Sendable {
  private let binCount: Int
  /// The factor `γ / H²` of second differences between frames.
  private let perFrame: Double
  /// The factor `N² / γ` of second differences between bins.
  private let perBin: Double

  /// The range below the loudest bin, in nepers, at which log-magnitudes are clipped; the paper's.
  ///
  /// Clipped parts are flat, and both magnitudes are π there. They count, as in the authors' code:
  /// a spectrogram too rough to have five neighbors above silence has a correlation as well.
  private static let range: Float = 10

  /// Creates a measure for spectrograms with the window and step of `configuration`.
  package init(_ configuration: SpectrogramConfiguration = .init()) {
    let length = Double(configuration.frameLength)
    let gamma = configuration.window.gaussianRatio * length * length
    binCount = configuration.binCount
    perFrame = gamma / Double(configuration.frameStep * configuration.frameStep)
    perBin = length * length / gamma
  }

  /// Returns the correlation of the two magnitudes over a spectrogram, in `[−1, 1]`.
  ///
  /// - Parameters:
  ///   - logMagnitudes: natural logarithms, `[frames, bins]`, with or without the Nyquist bin.
  ///   - binCount: the number of bins in a frame; by default the configuration's.
  /// - Returns: the correlation; 1 if the two are proportional.
  /// - Precondition: The number of `logMagnitudes` is a multiple of `binCount`.
  /// - Throws: ``SpecGANError`` if a value is not finite, or a spectrogram has too few bins or is
  ///   silent.
  package func correlation(
    logMagnitudes: [Float], binCount: Int? = nil
  ) throws(SpecGANError) -> Double {
    let bins = binCount ?? self.binCount
    require(
      logMagnitudes.count.isMultiple(of: bins),
      "\(logMagnitudes.count) log-magnitudes are not rows of \(bins)")
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
      throw .tooFew(what: "bins with neighbors", found: first.count, needed: 3)
    }
    let (x, y) = (MeanAndDeviation(of: first), MeanAndDeviation(of: second))
    // Equal values differ by rounding.
    guard x.deviation > 1e-9 * x.mean, y.deviation > 1e-9 * y.mean else {
      throw .constant(what: "curvatures of the spectrogram")
    }
    return covariance(first, second) / (x.deviation * y.deviation)
  }
}
