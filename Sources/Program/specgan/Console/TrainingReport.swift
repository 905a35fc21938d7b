import Networks
internal import SpecGANRuns
import SpecGANSessions
import SpecGANTraining

/// The report of a finished step: one line for people, all values for programs.
struct TrainingReport: ProgressReport {
  let progress: TrainingSession.Progress
  let limits: TrainingSession.Limits
  /// The training objective, which decides the values that are shown.
  let loss: Loss
  /// The number of real examples per step.
  let examplesPerStep: Int

  let isEachWanted = true

  private var clipsPerSecond: Double {
    Double(examplesPerStep) / max(progress.entry.secondsPerStep, 1e-9)
  }

  /// The estimated remaining time by the session's mean pace, until the first limit.
  private var secondsLeft: Double? {
    let pace = progress.sessionSeconds / Double(progress.sessionSteps)
    let byStep = limits.steps.map { Double($0 - progress.entry.step) * pace }
    let byTime = limits.minutes.map { max($0 * 60 - progress.sessionSeconds, 0) }
    return [byStep, byTime].compactMap(\.self).min()
  }

  func parts(isLive: Bool) -> [LinePart] {
    let entry = progress.entry
    let of = limits.steps.map { "/\($0)" } ?? ""
    let left = secondsLeft.map { [LinePart(value: $0.duration, unit: "left", rank: 1)] } ?? []
    return [
      LinePart(label: "step", value: "\(entry.step)\(of)", rank: 0)
    ] + previewPart + lossParts + [
      LinePart(value: entry.secondsPerStep.rounded(to: 2), unit: "s/step", rank: 4),
      LinePart(value: clipsPerSecond.rounded(to: 0), unit: "clips/s", rank: 6),
    ] + left
  }

  private var previewPart: [LinePart] {
    guard let distance = progress.spectralDistance else { return [] }
    return [
      LinePart(
        label: "spectral distance", value: Double(distance).rounded(to: 2), unit: "dB", rank: 2)
    ]
  }

  private var lossParts: [LinePart] {
    let entry = progress.entry
    guard loss.isWasserstein else {
      return [
        LinePart(label: "critic", value: Double(entry.criticLoss).rounded(to: 3), rank: 3),
        LinePart(label: "generator", value: Double(entry.generatorLoss).rounded(to: 3), rank: 5),
      ]
    }
    var parts = [
      LinePart(label: "Wasserstein", value: Double(entry.wasserstein).rounded(to: 3), rank: 3)
    ]
    if loss.hasGradientPenalty, let penalty = entry.gradientPenalty {
      parts.append(LinePart(label: "penalty", value: Double(penalty).rounded(to: 4), rank: 5))
    }
    return parts
  }

  /// Encodes the keys of the log, and two more.
  func encode(to encoder: any Encoder) throws {
    try progress.entry.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(secondsLeft?.finite, forKey: .secondsLeft)
    try container.encode(clipsPerSecond, forKey: .clipsPerSecond)
  }

  private enum CodingKeys: String, CodingKey {
    case secondsLeft = "seconds_left"
    case clipsPerSecond = "clips_per_second"
  }
}
