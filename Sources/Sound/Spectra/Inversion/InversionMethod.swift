/// An algorithm of phase reconstruction.
///
/// Use `best` or `fast`; the others are their components, or serve as comparisons.
public enum InversionMethod: String, CaseIterable, Sendable {
  /// The algorithm of the reference implementation, for comparison: Griffin-Lim from zero phase,
  /// with a synthesis window that does not invert the analysis, which causes a tremolo.
  case reference
  /// Griffin-Lim from random phase, least squares: the error never grows, and decreases slowly.
  ///
  /// Source: Griffin and Lim, "Signal Estimation from Modified Short-Time Fourier Transform", 1984.
  case griffinLim = "griffin-lim"
  /// Griffin-Lim with momentum 0.99 from random phase, as in librosa.
  ///
  /// Source: Perraudin, Balazs and Søndergaard, "A Fast Griffin-Lim Algorithm", 2013.
  case fastGriffinLim = "fast-griffin-lim"
  /// The alternating direction method of multipliers (ADMM) from random phase, penalty 0.1: it
  /// improves where Griffin-Lim stalls, but does not settle on inconsistent magnitudes.
  ///
  /// Source: Masuyama, Yatabe and Oikawa, "Griffin–Lim Like Phase Recovery via Alternating
  /// Direction Method of Multipliers", 2019.
  case admm
  /// Phase gradient heap integration alone, without projections: the fastest method, about a
  /// millisecond per clip.
  ///
  /// Source: Průša, Balazs and Søndergaard, "A Noniterative Method for Reconstruction of Phase from
  /// STFT Magnitude", 2017.
  case pghi
  /// The algorithm of ``best``, by default with 16 projections: for previews and for many clips.
  case fast
  /// The phase of ``pghi``, then ``admm`` with a growing penalty, then ``fastGriffinLim``; the
  /// default.
  ///
  /// The first part gives a good initial phase, the second a search that does not stall, and the
  /// third settles also on inconsistent magnitudes, such as generated ones.
  case best

  /// The default number of iterations.
  public var defaultIterations: Int {
    switch self {
    case .reference: 16
    case .griffinLim, .fastGriffinLim, .admm: 60
    case .pghi: 0
    case .fast: 16
    case .best: 200
    }
  }

  /// The allowed numbers of projections; ``pghi`` allows only 0.
  package var iterationCounts: ClosedRange<Int> {
    self == .pghi ? 0...0 : InversionConfiguration.iterationCounts
  }

  /// The default initial phase.
  var firstPhase: FirstPhase {
    switch self {
    case .reference: .zero
    case .griffinLim, .fastGriffinLim, .admm: .random
    case .pghi, .fast, .best: .gradients
    }
  }
}

/// The initial phase of an inversion.
package enum FirstPhase: Equatable, Sendable, CaseIterable {
  /// Random, uniform over the circle, from the seed and the index of the clip.
  case random
  /// Zero in all bins, as in the reference, and in librosa with `init=None`.
  case zero
  /// Integrated from the gradients of the magnitudes, see ``InversionMethod/pghi``; random in bins
  /// that are mostly rounding error.
  case gradients
}
