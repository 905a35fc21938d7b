internal import RealModule

/// The steps of an inversion: first those of ADMM, then those of Griffin-Lim.
package struct InversionSchedule: Equatable {
  /// The penalty ρ of each ADMM step.
  package var penalties: [Float] = []
  /// The number of Griffin-Lim steps that follow.
  package var finish = 0
  /// The momentum α of the Griffin-Lim steps.
  package var momentum: Float = 0

  /// The steps for the second channel of a clip, which starts from the phases of the first.
  ///
  /// The steps are few, because the image is lost if the phases leave those of the first channel.
  /// `tools/benchmark/stereo` measures what remains of it.
  var forSecondChannel: InversionSchedule {
    var schedule = self
    (schedule.penalties, schedule.finish, schedule.momentum) = ([], min(count, 20), 0.8)
    return schedule
  }

  /// The total number of projections.
  package var count: Int { penalties.count + finish }

  /// The momentum of Perraudin, Balazs and Søndergaard, and of librosa.
  private static let fastMomentum: Float = 0.99
  /// The penalty of plain ADMM; from random phase, the best of those from 0.05 to 0.2.
  private static let plainPenalty: Float = 0.1

  /// Creates the `count` steps of `method`.
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

  /// Returns penalties that grow geometrically to 0.1, and start lower if there are more
  /// projections.
  ///
  /// A small penalty searches widely and a large one settles; 16 projections are too few for a
  /// search. Measured on speech and drums at 256 / 128, for 5 to 600 projections: this rule is as
  /// good as a constant penalty that is fitted to each count on exact magnitudes, and up to 1 dB
  /// better on perturbed ones.
  private static func growing(_ steps: Int, of count: Int) -> [Float] {
    let last = 0.1
    let range = Double(max(count, 16)) / 16
    return (0..<steps).map { step in
      let left = steps > 1 ? Double(steps - 1 - step) / Double(steps - 1) : 0
      return Float(last * .pow(range, -left))
    }
  }
}
