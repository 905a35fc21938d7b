internal import Foundation

/// How the optimisers' step sizes become smaller in the course of a run.
package enum LearningRateDecay: String, CaseIterable, Sendable {
  /// Not at all, as published.
  case none
  /// Along a line, and constant after it.
  case linear
  /// Along half a cosine, and constant after it (Loshchilov and Hutter 2017, eq. 5, without
  /// restarts).
  case cosine
  /// By the same factor each step, and on.
  case exponential

  /// What is left of the step sizes in step `step`, the first being 0, where `last` is left after
  /// `steps`.
  package func factor(step: Int, of steps: Int, to last: Float) -> Float {
    let progress = Double(step) / Double(steps)
    let last = Double(last)
    return switch self {
    case .none: 1
    case .linear: Float(1 + (last - 1) * min(progress, 1))
    case .cosine: Float(last + (1 - last) * (1 + cos(.pi * min(progress, 1))) / 2)
    case .exponential: Float(pow(last, progress))
    }
  }
}
