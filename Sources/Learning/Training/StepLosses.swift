/// The losses and gradient norms of a step; those of the critic are from its last update.
package struct StepLosses: Equatable, Sendable {
  /// The critic's loss; see ``Loss/criticFormula``. With the gradient penalty it is
  /// `mean D(generated) − mean D(real) + λ · penalty`.
  package var criticLoss: Float
  /// `mean D(real) − mean D(generated)`: for the Wasserstein losses, the critic's estimate of the
  /// Wasserstein distance.
  package var wasserstein: Float
  /// `mean D(real)`, over the real examples of the critic's batch.
  package var realMean: Float
  /// `mean D(generated)`, over the generated examples of the critic's batch.
  package var generatedMean: Float
  /// The gradient penalty without its weight, of the last update of the step that has one; nil if
  /// none has. `mean (‖∇D‖₂ − 1)²` for wgan-gp; `mean ‖∇D(x)‖² + mean ‖∇D(G)‖²` for R1 and R2.
  package var gradientPenalty: Float?
  /// The generator's loss before its update; see ``Loss/generatorFormula``. For the Wasserstein
  /// losses it is `−mean D(generated)`.
  package var generatorLoss: Float
  /// The norm of the gradient of the critic's loss with respect to its weights.
  package var criticGradientNorm: Float
  /// The norm of the gradient of the generator's loss with respect to its weights.
  package var generatorGradientNorm: Float

  /// The mean sign of the critic's values for real examples or, for pairs, of their differences: 1
  /// if the critic is right about all, for losses with such a sign. It is not in the log.
  package var separation: Float

  /// Creates losses of zero.
  package init() {
    criticLoss = 0
    wasserstein = 0
    realMean = 0
    generatedMean = 0
    gradientPenalty = nil
    generatorLoss = 0
    criticGradientNorm = 0
    generatorGradientNorm = 0
    separation = 0
  }

  /// Returns `r_v`, the share of the difference between training and generated examples that the
  /// critic also sees between training and validation examples, whose mean value is
  /// `validationMean`: 0 if it generalizes, 1 if it has learned the training examples by heart.
  ///
  /// `(mean D(train) − mean D(validation)) / (mean D(train) − mean D(generated))`, limited to ±1,
  /// because it is a quotient of two noisy differences; 0 if it is undefined. Source: Karras et al.
  /// 2020, equation 1.
  package func overfitting(validationMean: Float) -> Float {
    let measure = (realMean - validationMean) / (realMean - generatedMean)
    return measure.isNaN ? 0 : min(max(measure, -1), 1)
  }

  /// Checks the losses and the gradient of the critic's update.
  ///
  /// - Throws: ``Divergence`` if one is not finite or exceeds `limit`.
  func checkCritic(limit: Float) throws(Divergence) {
    try Divergence.check("the critic's loss", criticLoss, limit: limit)
    try Divergence.check("the Wasserstein estimate", wasserstein, limit: limit)
    if let gradientPenalty {
      try Divergence.check("the gradient penalty", gradientPenalty, limit: limit)
    }
    try Divergence.check("the critic's gradient", criticGradientNorm, limit: limit)
  }

  /// Checks the loss and the gradient of the generator's update.
  ///
  /// - Throws: ``Divergence`` if one is not finite or exceeds `limit`.
  func checkGenerator(limit: Float) throws(Divergence) {
    try Divergence.check("the generator's loss", generatorLoss, limit: limit)
    try Divergence.check("the generator's gradient", generatorGradientNorm, limit: limit)
  }
}

/// A loss or gradient that diverged, found before the weights were updated with it.
package enum Divergence: Error, Equatable, Sendable, CustomStringConvertible {
  /// A quantity is NaN or infinite.
  case notFinite(String)
  /// The magnitude of a quantity exceeds the limit.
  case tooLarge(String, Float, limit: Float)

  /// The quantity, such as `the critic's loss`.
  package var quantity: String {
    switch self {
    case .notFinite(let quantity), .tooLarge(let quantity, _, _): quantity
    }
  }

  /// The value that exceeds the limit; nil if it is not finite.
  package var value: Float? {
    if case .tooLarge(_, let value, _) = self { value } else { nil }
  }

  /// A clause with the quantity and its value.
  package var description: String {
    switch self {
    case .notFinite(let quantity): "\(quantity) is not a finite number"
    case .tooLarge(let quantity, let value, let limit):
      "\(quantity) is \(value), beyond recovery.largest_loss (=\(limit))"
    }
  }

  /// Checks that the magnitude of `value` is finite and at most `limit`.
  ///
  /// - Throws: ``Divergence`` if it is not.
  static func check(_ quantity: String, _ value: Float, limit: Float) throws(Divergence) {
    guard value.isFinite else { throw .notFinite(quantity) }
    guard abs(value) <= limit else { throw .tooLarge(quantity, value, limit: limit) }
  }
}
