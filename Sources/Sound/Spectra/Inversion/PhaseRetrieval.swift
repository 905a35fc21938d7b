internal import ComplexModule
internal import RealModule

// Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984.
// Perraudin, Balazs and Søndergaard, "A Fast Griffin-Lim Algorithm", WASPAA 2013, algorithm 2.
// Masuyama, Yatabe and Oikawa, "Griffin–Lim Like Phase Recovery via Alternating Direction Method of
// Multipliers", IEEE Signal Processing Letters 26(1), 2019, equations 16 to 18.

/// The iterations that move coefficients of the target magnitudes closer to those of a signal, and
/// their memory.
///
/// Iterations are counted as in librosa: each is one inverse and one transform; a final inverse
/// gives the signal.
///
/// - ADMM: `X ← P_A(Z − U); Y ← X + U; Z ← (ρY + P_C(Y)) / (1 + ρ); U ← Y − Z`. The only state
///   between steps is `Y`.
/// - Griffin-Lim: `t ← P_C(P_A(c)); c ← t + α(t − t_previous)`, with α = 0 without momentum.
struct PhaseRetrieval: ~Copyable {
  private var projection: ConsistentProjection
  private var coefficients: [Complex<Float>]
  private var previous: [Complex<Float>]
  private var signal: [Float]

  init(_ projection: consuming ConsistentProjection) {
    let grid = projection.grid
    self.projection = projection
    coefficients = .init(repeating: 0, count: grid.coefficientCount)
    previous = coefficients
    signal = .init(repeating: 0, count: grid.signalLength)
  }

  /// Returns the phases, in turns, of the last run's coefficients from the index `first` on.
  func turns(from first: Int) -> [Float] {
    coefficients[first...].map { .atan2(y: $0.imaginary, x: $0.real) / (2 * .pi) }
  }

  /// Returns the signal after the steps of `schedule`, from the phases `turns`,
  /// `[known frames, bins]`.
  mutating func run(
    _ schedule: InversionSchedule, _ target: TargetMagnitudes, turns: [Float]
  ) -> [Float] {
    target.setPhases(turns, &coefficients)
    for (step, penalty) in schedule.penalties.enumerated() {
      let isLast = step == schedule.penalties.count - 1
      Self.project(&projection, &signal, &coefficients) { first, consistent, coefficients in
        if isLast {
          target.takeLastADMMStep(consistent, from: first, penalty: penalty, &coefficients)
        } else {
          target.takeADMMStep(consistent, from: first, penalty: penalty, &coefficients)
        }
      }
    }
    Self.finish(schedule, target, &projection, &signal, &previous, &coefficients)
    projection.synthesize(coefficients, into: &signal)
    return signal
  }

  /// Runs the Griffin-Lim steps of `schedule`.
  private static func finish(
    _ schedule: InversionSchedule, _ target: TargetMagnitudes,
    _ projection: inout ConsistentProjection, _ signal: inout [Float],
    _ previous: inout [Complex<Float>], _ coefficients: inout [Complex<Float>]
  ) {
    var previous = previous.mutableSpan
    for step in 0..<schedule.finish {
      let momentum = step == 0 ? 0 : schedule.momentum  // there is no previous step
      project(&projection, &signal, &coefficients) { first, consistent, coefficients in
        target.takeGriffinLimStep(
          consistent, from: first, momentum: momentum, &previous, &coefficients)
      }
    }
  }

  /// Projects once, and calls `use` with each block of the result while it is in the cache.
  private static func project(
    _ projection: inout ConsistentProjection, _ signal: inout [Float],
    _ coefficients: inout [Complex<Float>],
    _ use: (
      _ first: Int, _ consistent: Span<Complex<Float>>,
      _ coefficients: inout MutableSpan<Complex<Float>>
    ) -> Void
  ) {
    projection.synthesize(coefficients, into: &signal)
    var coefficients = coefficients.mutableSpan
    projection.analyze(signal) { use($0, $1, &coefficients) }
  }
}
