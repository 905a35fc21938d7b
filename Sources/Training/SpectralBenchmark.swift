internal import Foundation
internal import Randomness
internal import Spectra
internal import Tensors

/// How fast this machine makes spectrograms and turns them back, on one thread.
public enum SpectralBenchmark {
  /// Seconds of processor time for one slice of 16,384 samples, each a median.
  public struct Report: Equatable, Sendable {
    /// To its normalised spectrogram: transform, logarithm and normalisation.
    public var transform: Double
    /// Back to sound by each of these methods, with their own counts of projections.
    public var pghi, fast, best: Double
  }

  /// Measures on noise that dies away like a drum; the published transform.
  ///
  /// - Throws: ``TrainingError/spectra(_:)``.
  public static func run() throws(TrainingError) -> Report {
    do {
      return try measure()
    } catch {
      throw .spectra(error)
    }
  }

  private static func measure() throws(SpectraError) -> Report {
    var stft = try STFT()
    let slice = decayingNoise()
    var accumulator = MomentsAccumulator(binCount: stft.binCount)
    accumulator.add(logMagnitudes: stft.logMagnitudes(of: slice.span).span)
    let normalizer = try SpectrogramNormalizer(
      configuration: stft.configuration, moments: accumulator.moments)
    var normalized = [Float](repeating: 0, count: 128 * normalizer.normalizedBinCount)
    let transform = median(of: 200) {
      var result = normalized.mutableSpan
      normalizer.normalize(logMagnitudes: stft.logMagnitudes(of: slice.span).span, into: &result)
    }
    let magnitude = normalizer.magnitudes(of: normalized.span)
    let configuration = stft.configuration
    func inversion(_ method: InversionMethod, _ count: Int) throws(SpectraError) -> Double {
      var inversion = InversionConfiguration()
      inversion.method = method
      let inverter = try Inverter(spectrogram: configuration, inversion: inversion, seed: 0)
      _ = try inverter.invert(magnitude)
      return median(of: count) { _ = try? inverter.invert(magnitude) }
    }
    return Report(
      transform: transform, pghi: try inversion(.pghi, 50), fast: try inversion(.fast, 50),
      best: try inversion(.best, 10))
  }

  /// The median of the processor seconds that `count` runs of `body` take.
  private static func median(of count: Int, _ body: () -> Void) -> Double {
    let seconds = (0..<count).map { _ in
      let start = PassTimer.processorSeconds
      body()
      return PassTimer.processorSeconds - start
    }
    return seconds.sorted()[count / 2]
  }

  private static func decayingNoise() -> [Float] {
    var samples = [Float](repeating: 0, count: 16_384)
    var span = samples.mutableSpan
    RandomStream(seed: 0, purpose: .generation).fill(&span, from: 0, lowest: -1, width: 2)
    return samples.indices.map { samples[$0] * Float(exp(-Double($0) / 4096)) }
  }
}
