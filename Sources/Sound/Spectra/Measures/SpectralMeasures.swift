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
  try spectralConvergence(of: [samples], to: [target], configuration: configuration)
}

/// Returns the spectral convergence of the `channels` of a clip to `targets`, with the norms over
/// all channels; see ``spectralConvergence(of:to:configuration:)``.
///
/// - Throws: the errors of that function.
/// - Precondition: there are as many channels as targets.
package func spectralConvergence(
  of channels: [[Float]], to targets: [MagnitudeSpectrogram],
  configuration: SpectrogramConfiguration
) throws(SpecGANError) -> Double {
  require(channels.count == targets.count, "\(channels.count) channels, \(targets.count) targets")
  var (error, energy) = (0.0, 0.0)
  for (samples, target) in zip(channels, targets) {
    let reached = try reachedMagnitudes(of: samples, for: target, configuration)
    for (reached, wanted) in zip(reached, target.values) {
      error += (Double(reached) - Double(wanted)) * (Double(reached) - Double(wanted))
      energy += Double(wanted) * Double(wanted)
    }
  }
  guard error > 0 else { return -.infinity }
  return 10 * .log10(error / energy)
}

/// Returns the log-spectral distance of `samples` from `target`, in dB.
///
/// It is the mean over frames of `√(mean over bins of (20 log₁₀((|STFT y| + f) / (S + f)))²)`,
/// where f is the `logFloor`. Lower is better, 0 is exact. Every bin has the same weight, down to
/// the floor. Source: Gray and Markel, "Distance Measures for Speech Processing", IEEE Transactions
/// on Acoustics, Speech and Signal Processing, 1976, equation 4 with p = 2.
/// - Throws: ``SpecGANError`` if a setting is out of range, `target` has another number of bins or
///   an invalid magnitude, or its number of frames does not fit `samples`.
public func logSpectralDistance(
  of samples: [Float], to target: MagnitudeSpectrogram,
  configuration: SpectrogramConfiguration = .init()
) throws(SpecGANError) -> Double {
  let reached = try reachedMagnitudes(of: samples, for: target, configuration)
  return meanLogSpectralDistance(
    reached, target.values, bins: target.binCount, floor: Double(configuration.logFloor))
}

extension MagnitudeSpectrogram {
  /// Returns the log-spectral distance of this spectrogram from `other` over the frames that are
  /// not silent in both, in dB.
  ///
  /// It is that of ``logSpectralDistance(of:to:configuration:)`` with `floor` for f, but a frame
  /// counts only if a magnitude of either spectrogram exceeds `floor`: two short clips agree in
  /// the silence at their ends, which would lower the mean. Returns 0 if all frames are silent.
  /// - Precondition: both have as many frames and bins.
  package func soundingDistance(from other: MagnitudeSpectrogram, floor: Float) -> Double {
    require(
      values.count == other.values.count && binCount == other.binCount,
      "\(frameCount) frames of \(binCount) bins are compared with \(other.frameCount) of "
        + "\(other.binCount)")
    return meanLogSpectralDistance(values, other.values, bins: binCount, floor: Double(floor)) {
      values[$0].contains { $0 > floor } || other.values[$0].contains { $0 > floor }
    }
  }
}

/// Returns the mean, in dB, of the root mean square difference of levels over the frames whose
/// element indices `counts` accepts; 0 if there are none.
private func meanLogSpectralDistance(
  _ reached: [Float], _ wanted: [Float], bins: Int, floor: Double,
  counts: (Range<Int>) -> Bool = { _ in true }
) -> Double {
  var (distances, frames) = (0.0, 0)
  for first in stride(from: 0, to: wanted.count, by: bins) {
    let frame = first..<first + bins
    guard counts(frame) else { continue }
    var squares = 0.0
    for place in frame {
      let ratio = (Double(reached[place]) + floor) / (Double(wanted[place]) + floor)
      let decibels = 20 * Double.log10(ratio)
      squares += decibels * decibels
    }
    distances += (squares / Double(bins)).squareRoot()
    frames += 1
  }
  return frames == 0 ? 0 : distances / Double(frames)
}

/// Returns the magnitudes of `samples` in the frames of `target`, `[frames, bins]`.
func reachedMagnitudes(
  of samples: [Float], for target: MagnitudeSpectrogram, _ configuration: SpectrogramConfiguration
) throws(SpecGANError) -> [Float] {
  var stft = try STFT(configuration)
  try target.checkValues(expectedBins: configuration.binCount)
  _ = try target.checkedLength(samples.count, step: configuration.frameStep)
  let grid = FrameGrid(
    configuration, target.framing, length: samples.count, frameCount: target.frameCount)
  return stft.magnitudes(of: samples.span, grid, target.framing).values
}
