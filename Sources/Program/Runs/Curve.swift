internal import Networks
package import SpecGANTraining

/// A value of the log that is plotted over the steps.
package struct Curve: Sendable {
  /// The tag in TensorBoard.
  package let tag: String
  /// The description in TensorBoard.
  package let description: String
  /// Returns the value in a log entry; nil if it has none.
  package let value: @Sendable (RunLog.Entry) -> Float?

  private init(
    _ tag: String, _ description: String, _ value: @escaping @Sendable (RunLog.Entry) -> Float?
  ) {
    self.tag = tag
    self.description = description
    self.value = value
  }

  /// Returns the curves of a run with the settings `training`. Each has a value at every step, but
  /// for the gradient penalty with a ``TrainingConfiguration/penaltyInterval``.
  package static func ofSteps(_ training: TrainingConfiguration) -> [Curve] {
    let loss = training.loss
    let estimate = loss.isWasserstein ? ", the estimate of the Wasserstein distance" : ""
    let penalty = Curve(
      "critic/gradient_penalty",
      loss.hasGradientPenalty
        ? "mean (‖∇D‖₂ − 1)², without λ" : "mean ‖∇D(real)‖² + mean ‖∇D(generated)‖², without γ",
      { $0.gradientPenalty })
    let augmentation = Curve(
      "critic/augmentation_probability", "Probability of each random change of the examples",
      { $0.augmentationProbability })
    return [
      Curve("critic/loss", loss.criticFormula, { $0.criticLoss }),
      Curve(
        "critic/wasserstein", "mean D(real) − mean D(generated)\(estimate)", { $0.wasserstein }),
      Curve("critic/real_mean", "mean D(real)", { $0.realMean }),
      Curve("critic/generated_mean", "mean D(generated)", { $0.generatedMean }),
    ] + (training.penalizesGradients ? [penalty] : []) + [
      Curve(
        "critic/gradient_norm",
        "Norm of the gradient of the critic's loss with respect to its weights",
        { $0.criticGradientNorm }),
      Curve(
        "generator/loss", "\(loss.generatorFormula), before the update", { $0.generatorLoss }),
      Curve(
        "generator/gradient_norm",
        "Norm of the gradient of the generator's loss with respect to its weights",
        { $0.generatorGradientNorm }),
      Curve(
        "critic/learning_rate", "Learning rate of the critic", { $0.criticLearningRate }),
      Curve(
        "generator/learning_rate", "Learning rate of the generator",
        { $0.generatorLearningRate }),
      Curve(
        "time/seconds_per_step", "Duration of the step in s", { Float($0.secondsPerStep) }),
    ] + (training.augmentation == .none ? [] : [augmentation])
  }
}
