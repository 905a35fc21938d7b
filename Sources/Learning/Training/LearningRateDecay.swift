internal import Foundation

/// The decay of the learning rates during a run.
package enum LearningRateDecay: String, CaseIterable, Sendable {
  /// No decay, as in the reference.
  case none
  /// A linear decay, then constant.
  case linear
  /// A decay along half a cosine, then constant (Loshchilov and Hutter 2017, eq. 5, without
  /// restarts).
  case cosine
  /// A decay by the same factor in every step, without an end.
  case exponential

  /// Returns the factor of the learning rates in step `step`, from 0, if it is `last` after `steps`
  /// steps.
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
