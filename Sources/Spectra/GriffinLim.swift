internal import ComplexModule
internal import RealModule

// Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984.
// Perraudin, Balazs and Søndergaard, "A Fast Griffin-Lim Algorithm", WASPAA 2013, algorithm 2.

/// Griffin and Lim's algorithm, with momentum or without.
///
/// `t ← P_C(P_A(c)); c ← t + α(t − t_previous)`, α = 0 for the plain one. Iterations count as
/// librosa's: each is one inverse and one transform, and one more inverse makes the signal.
struct GriffinLim {
  let momentum: Float
  let iterations: Int

  /// The signal after `iterations`, from the phases of `coefficients`, `[frames, bins]`.
  func run(
    _ coefficients: inout [Complex<Float>], _ target: TargetMagnitudes,
    _ projection: inout ConsistentProjection
  ) -> [Float] {
    var signal = [Float](repeating: 0, count: projection.grid.signalLength)
    var previous = [Complex<Float>](repeating: 0, count: coefficients.count)
    for iteration in 0..<iterations {
      let momentum = iteration == 0 ? 0 : momentum  // there is nothing previous
      projection.synthesize(coefficients.span, into: &signal)
      projection.analyze(signal.span) { first, consistent in
        var previous = previous.mutableSpan
        var coefficients = coefficients.mutableSpan
        for offset in consistent.indices {
          let index = first + offset
          let estimate = Self.extrapolate(consistent[offset], previous[index], by: momentum)
          previous[index] = consistent[offset]
          coefficients[index] = target.impose(on: estimate, at: index)
        }
      }
    }
    projection.synthesize(coefficients.span, into: &signal)
    return signal
  }

  @inline(__always)
  private static func extrapolate(
    _ new: Complex<Float>, _ old: Complex<Float>, by momentum: Float
  ) -> Complex<Float> {
    let (x, y) = new.rawStorage
    let (u, v) = old.rawStorage
    return Complex(x + momentum * (x - u), y + momentum * (y - v))
  }
}
