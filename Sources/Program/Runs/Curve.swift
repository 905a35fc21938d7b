package import Networks
internal import SpecGANTraining

/// A number of the log that is drawn over the steps.
package struct Curve: Sendable {
  /// What it is called in TensorBoard.
  package let tag: String
  /// What it is.
  package let description: String
  /// The number of a line.
  package let value: @Sendable (RunLog.Entry) -> Float

  private init(
    _ tag: String, _ description: String, _ value: @escaping @Sendable (RunLog.Entry) -> Float
  ) {
    self.tag = tag
    self.description = description
    self.value = value
  }

  /// Those that every line of a run with `loss` has.
  package static func ofEveryStep(_ loss: Loss) -> [Curve] {
    let estimate = loss.isWasserstein ? ", the estimate of the Wasserstein distance" : ""
    let penalty = Curve(
      "critic/gradient_penalty", "mean (‖∇D‖₂ − 1)², without λ", { $0.gradientPenalty })
    return [
      Curve("critic/loss", loss.criticFormula, { $0.criticLoss }),
      Curve(
        "critic/wasserstein", "mean D(real) − mean D(generated)\(estimate)", { $0.wasserstein }),
    ] + (loss.hasGradientPenalty ? [penalty] : []) + [
      Curve(
        "critic/gradient_norm", "Norm of the critic loss's gradient in the critic's weights",
        { $0.criticGradientNorm }),
      Curve(
        "generator/loss", "\(loss.generatorFormula), before the update", { $0.generatorLoss }),
      Curve(
        "generator/gradient_norm",
        "Norm of the generator loss's gradient in the generator's weights",
        { $0.generatorGradientNorm }),
      Curve(
        "time/seconds_per_step", "How long the step took", { Float($0.secondsPerStep) }),
    ]
  }
}
