internal import Networks
internal import SpecGANPages
internal import SpecGANRuns
internal import SpecGANSettings
internal import SpecGANTraining

extension RunReport {
  /// The content of a chart: keys of the log, with names if there are several.
  private struct Subject {
    let title: String
    let explanation: String
    var scale = LineChart.Scale.linear
    let keys: [(key: String, name: String)]
  }

  /// The settings of training; the default if they are unknown.
  private var training: TrainingConfiguration { configuration?.training ?? .init() }
  /// The training loss.
  var loss: Loss { training.loss }

  /// The charts of the loss and its terms.
  private var lossSubjects: [Subject] {
    let estimate = Subject(
      title: loss.isWasserstein ? "Wasserstein estimate" : "Difference of values",
      explanation: loss.isWasserstein
        ? "The critic's estimate of the distance between real and generated audio. It rises, then falls as the audio improves."
        : "Mean D(real) − mean D(generated).",
      keys: [("wasserstein", loss.isWasserstein ? "estimate" : "difference")])
    let penalty = Subject(
      title: "Gradient penalty",
      explanation: loss.hasGradientPenalty
        ? "Mean (‖∇D‖ − 1)², without its weight. It should be small and steady."
        : "Mean ‖∇D‖² of real plus that of generated examples, without its weight.",
      scale: .logarithmic, keys: [("gradient_penalty", "penalty")])
    return [
      estimate,
      Subject(
        title: "Critic loss", explanation: "The critic minimizes \(loss.criticFormula).",
        keys: [("critic_loss", "loss")]),
      Subject(
        title: "Generator loss",
        explanation: "The generator minimizes \(loss.generatorFormula).",
        keys: [("generator_loss", "loss")]),
    ] + (training.penalizesGradients ? [penalty] : [])
  }

  private static let spectralDistance = "spectral_distance"

  private static let otherSubjects = [
    Subject(
      title: "Spectral distance",
      explanation:
        "Distance of the previews' spectra from real ones, in dB. Lower is better; the lowest is the best.",
      keys: [(spectralDistance, "distance")]),
    Subject(
      title: "Gradient norms",
      explanation: "Norm of each loss's gradient in its network's weights.",
      scale: .logarithmic,
      keys: [("critic_gradient_norm", "critic"), ("generator_gradient_norm", "generator")]),
    Subject(
      title: "Augmentation",
      explanation: "Probability of each random change of the critic's examples.",
      keys: [("augmentation_probability", "probability")]),
    Subject(
      title: "Seconds per step",
      explanation: "Wall time of each step, without checkpoints and previews.",
      keys: [("seconds_per_step", "seconds")]),
  ]

  /// The charts whose keys the log has.
  var curves: HTML {
    HTML(.section) {
      HTML(.h2) { "Curves" }
      if log.lastStep == 0 {
        HTML(.p) { "No step is logged yet." }
      }
      HTML(.div, .class("grid")) {
        for subject in lossSubjects + Self.otherSubjects {
          let series = series(of: subject)
          if !series.isEmpty {
            LineChart(
              title: subject.title, explanation: subject.explanation, xTitle: "step",
              scale: subject.scale, series: series
            ).html
          }
        }
      }
    }
  }

  private func series(of subject: Subject) -> [LineChart.Series] {
    subject.keys.compactMap { key, name in
      let column = key == Self.spectralDistance ? log.spectralDistances : log[key]
      guard !column.steps.isEmpty else { return nil }
      return LineChart.Series(name: name, x: column.steps, y: column.values)
    }
  }
}
