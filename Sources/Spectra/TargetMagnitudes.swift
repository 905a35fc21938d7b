internal import ComplexModule
internal import Randomness
internal import RealModule

/// The projection of coefficients onto those with the wanted magnitudes: `P_A(c) = S · c / |c|`.
///
/// Coefficients of frames put before the spectrogram's first have no wanted magnitude and keep their own.
struct TargetMagnitudes {
  private let values: [Float]
  /// The first coefficient whose magnitude is known.
  let firstKnown: Int

  /// The magnitudes of a grid whose first `addedFrames` are not the spectrogram's.
  init(_ spectrogram: MagnitudeSpectrogram, addedFrames: Int) {
    values = spectrogram.values
    firstKnown = addedFrames * spectrogram.binCount
  }

  /// Below this a coefficient has no phase worth keeping: it is scaled by `S` over this instead.
  ///
  /// Its square is a normal number, and it lies under the rounding of any audible sound.
  private static let smallestMagnitude: Float = 1e-15

  /// `P_A` of the coefficient at `index`.
  @inline(__always)
  func impose(on coefficient: Complex<Float>, at index: Int) -> Complex<Float> {
    guard index >= firstKnown else { return coefficient }
    let (x, y) = coefficient.rawStorage
    let scale =
      values[index - firstKnown] / max((x * x + y * y).squareRoot(), Self.smallestMagnitude)
    return Complex(x * scale, y * scale)
  }

  /// All coefficients with the phases of `first`; frames without a magnitude are silent.
  func coefficients(_ first: FirstPhase, _ phases: RandomStream) -> [Complex<Float>] {
    let unknown = [Complex<Float>](repeating: 0, count: firstKnown)
    switch first {
    case .zero: return unknown + values.map { Complex($0, 0) }
    case .random:
      return unknown
        + values.indices.map { index in
          let angle = 2 * Float.pi * phases.uniform(at: UInt64(index))
          return Complex(values[index] * .cos(angle), values[index] * .sin(angle))
        }
    }
  }
}

/// The phases that an inversion starts from.
public enum FirstPhase: Equatable, Sendable, CaseIterable {
  /// Uniform over the circle, from the seed and the clip's number.
  case random
  /// Zero everywhere; what the published code does, and librosa with `init=None`.
  case zero
}
