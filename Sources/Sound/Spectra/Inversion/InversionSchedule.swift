internal import RealModule

/// What each projection of an inversion is used for: first ADMM, then Griffin and Lim.
package struct InversionSchedule: Equatable {
  /// ADMM's penalty ρ in each of its steps.
  package var penalties: [Float] = []
  /// The steps of Griffin and Lim that follow.
  package var finish = 0
  /// Their momentum α.
  package var momentum: Float = 0

  /// Projections in all.
  package var count: Int { penalties.count + finish }

  /// Perraudin, Balazs and Søndergaard's momentum, and librosa's.
  private static let fastMomentum: Float = 0.99
  /// The penalty of plain ADMM; of those from 0.05 to 0.2 the best from random phase.
  private static let plainPenalty: Float = 0.1

  /// The steps of `method`, `count` of them.
  package init(_ method: InversionMethod, count: Int) {
    switch method {
    case .reference, .griffinLim: finish = count
    case .fastGriffinLim: (finish, momentum) = (count, Self.fastMomentum)
    case .admm: penalties = .init(repeating: Self.plainPenalty, count: count)
    case .pghi, .fast, .best:
      (finish, momentum) = ((count + 4) / 5, Self.fastMomentum)
      penalties = Self.growing(count - finish, of: count)
    }
  }

  /// Penalties that grow evenly, as a ratio, to 0.1, and start lower the more projections there
  /// are.
  ///
  /// A small penalty searches widely and a large one settles; 16 projections have no time for a
  /// search. Measured on speech and drums at 256 / 128, for 5 to 600 projections: against a
  /// constant penalty, fitted to each count, this rule is as good on exact magnitudes and up to 1
  /// dB better on perturbed ones.
  private static func growing(_ steps: Int, of count: Int) -> [Float] {
    let last = 0.1
    let range = Double(max(count, 16)) / 16
    return (0..<steps).map { step in
      let left = steps > 1 ? Double(steps - 1 - step) / Double(steps - 1) : 0
      return Float(last * .pow(range, -left))
    }
  }
}
