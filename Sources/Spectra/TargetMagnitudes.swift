internal import ComplexModule
internal import Randomness
internal import RealModule

/// The projection of coefficients onto those with the wanted magnitudes: `P_A(c) = S · c / |c|`.
///
/// Frames put before the spectrogram's first have no wanted magnitude and keep their own, but are
/// never louder than that first frame. Without that bound momentum drives the first samples, which
/// hardly any window sees, to eight times the sound's peak; a bound on magnitudes leaves `P_A` a
/// projection.
struct TargetMagnitudes {
  /// What is wanted or, before `firstKnown`, the bound.
  private let values: [Float]
  /// The first coefficient whose magnitude is known.
  private let firstKnown: Int

  /// The magnitudes of a grid whose first `addedFrames` are not the spectrogram's.
  init(_ spectrogram: MagnitudeSpectrogram, addedFrames: Int) {
    let bounds = repeatElement(spectrogram.values.prefix(spectrogram.binCount), count: addedFrames)
    values = bounds.flatMap(\.self) + spectrogram.values
    firstKnown = addedFrames * spectrogram.binCount
  }

  /// Below this a coefficient has no phase worth keeping: it is scaled by `S` over this instead.
  ///
  /// Its square is a normal number, and it lies under the rounding of any audible sound.
  private static let smallestMagnitude: Float = 1e-15

  /// `P_A` of the coefficient at `index`.
  @inline(__always)
  func impose(on coefficient: Complex<Float>, at index: Int) -> Complex<Float> {
    let (x, y) = coefficient.rawStorage
    let scale = values[index] / max((x * x + y * y).squareRoot(), Self.smallestMagnitude)
    let applied = index < firstKnown ? min(scale, 1) : scale
    return Complex(x * applied, y * applied)
  }

  /// All coefficients with the phases of `first`; frames without a magnitude are silent.
  func coefficients(_ first: FirstPhase, _ phases: RandomStream) -> [Complex<Float>] {
    var angles = [Float](repeating: 0, count: values.count - firstKnown)
    var span = angles.mutableSpan
    if first == .random { phases.fill(&span, from: 0, lowest: 0, width: 2 * .pi) }
    let unknown = [Complex<Float>](repeating: 0, count: firstKnown)
    return unknown
      + zip(values[firstKnown...], angles).map { magnitude, angle in
        Complex(magnitude * .cos(angle), magnitude * .sin(angle))
      }
  }
}
