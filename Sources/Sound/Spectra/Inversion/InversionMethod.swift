/// An algorithm that finds phases for magnitudes.
///
/// `best` and `fast` are for use; the others are what they are made of, or what to compare them
/// with.
public enum InversionMethod: String, CaseIterable, Sendable {
  /// What the published code does, kept for comparison: Griffin and Lim from zero phase with a
  /// synthesis window that does not invert, which leaves a tremolo on every sound.
  case reference
  /// Griffin and Lim from random phase, least squares: the error never grows, and shrinks slowly.
  ///
  /// Source: Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984.
  case griffinLim = "griffin-lim"
  /// Griffin and Lim with momentum 0.99 from random phase: what librosa does, so the yardstick.
  ///
  /// Source: Perraudin, Balazs and Søndergaard, "A Fast Griffin-Lim Algorithm", 2013.
  case fastGriffinLim = "fast-griffin-lim"
  /// The alternating direction method of multipliers from random phase, penalty 0.1: goes on where
  /// Griffin and Lim stall, but circles around where the magnitudes are nobody's.
  ///
  /// Source: Masuyama, Yatabe and Oikawa, "Griffin–Lim Like Phase Recovery via Alternating
  /// Direction Method of Multipliers", 2019.
  case admm
  /// Phase gradient heap integration alone, without a single projection: for when a millisecond is
  /// all there is.
  ///
  /// Source: Průša, Balazs and Søndergaard, "A Noniterative Method for Reconstruction of Phase from
  /// STFT Magnitude", 2017.
  case pghi
  /// As ``best``, with 16 projections unless told otherwise: for previews and for many sounds.
  case fast
  /// The phase of ``pghi``, then ``admm`` with a growing penalty, then ``fastGriffinLim``; the
  /// default.
  ///
  /// Each part mends what the one before leaves: a good start, a search that does not stall, and a
  /// finish that settles even where the magnitudes are no sound's, as generated ones never are.
  case best

  /// The number of iterations unless another is given.
  public var defaultIterations: Int {
    switch self {
    case .reference: 16
    case .griffinLim, .fastGriffinLim, .admm: 60
    case .pghi: 0
    case .fast: 16
    case .best: 200
    }
  }

  /// How many projections it can be told to make; none is all that ``pghi`` makes.
  package var iterationCounts: ClosedRange<Int> {
    self == .pghi ? 0...0 : InversionConfiguration.iterationCounts
  }

  /// Where it starts unless told otherwise.
  var firstPhase: FirstPhase {
    switch self {
    case .reference: .zero
    case .griffinLim, .fastGriffinLim, .admm: .random
    case .pghi, .fast, .best: .gradients
    }
  }
}
