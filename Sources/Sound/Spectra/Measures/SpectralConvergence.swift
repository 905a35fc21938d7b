internal import ComplexModule
internal import RealModule
public import SpecGANErrors

/// Returns the spectral convergence of `samples` to `target`, `20 log₁₀(‖|STFT y| − S‖ / ‖S‖)` in
/// dB.
///
/// Lower is better, −∞ is exact; the norms are over all frames of the target's framing.
/// - Throws: ``SpecGANError`` if a setting is out of range, `target` has another number of bins or
///   an invalid magnitude, or its number of frames does not fit `samples`.
public func spectralConvergence(
  of samples: [Float], to target: MagnitudeSpectrogram,
  configuration: SpectrogramConfiguration = .init()
) throws(SpecGANError) -> Double {
  let reached = try reachedMagnitudes(of: samples, for: target, configuration)
  var (error, energy) = (0.0, 0.0)
  for (reached, wanted) in zip(reached, target.values) {
    error += (Double(reached) - Double(wanted)) * (Double(reached) - Double(wanted))
    energy += Double(wanted) * Double(wanted)
  }
  guard error > 0 else { return -.infinity }
  return 10 * .log10(error / energy)
}
