import Training

/// One line about a step, for people.
struct TrainingLine {
  let progress: TrainingSession.Progress
  let limits: TrainingSession.Limits

  var text: String {
    let entry = progress.entry
    let of = limits.steps.map { "/\($0)" } ?? ""
    let left = secondsLeft.map { ", \($0.duration) left" } ?? ""
    return "step \(entry.step)\(of)  distance \(Double(entry.wasserstein).rounded(to: 3))  "
      + "penalty \(Double(entry.gradientPenalty).rounded(to: 4))  "
      + "\(entry.secondsPerStep.rounded(to: 2)) s/step\(left)"
  }

  /// By the session's mean pace so far, to whichever limit comes first.
  private var secondsLeft: Double? {
    let pace = progress.sessionSeconds / Double(progress.sessionSteps)
    let byStep = limits.steps.map { Double($0 - progress.entry.step) * pace }
    let byTime = limits.minutes.map { max($0 * 60 - progress.sessionSeconds, 0) }
    return [byStep, byTime].compactMap(\.self).min()
  }
}
