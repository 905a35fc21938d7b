/// The losses and gradient norms of a step; those of the critic are from its last update.
package struct Losses: Equatable, Sendable {
  /// The critic's loss; see ``Loss/criticFormula``. With the gradient penalty it is
  /// `mean D(generated) − mean D(real) + λ · penalty`.
  package var criticLoss: Float
  /// `mean D(real) − mean D(generated)`: for the Wasserstein losses, the critic's estimate of the
  /// Wasserstein distance.
  package var wasserstein: Float
  /// `mean (‖∇D‖₂ − 1)²`, without `λ`; 0 if the loss has no gradient penalty.
  package var gradientPenalty: Float
  /// The generator's loss before its update; see ``Loss/generatorFormula``. For the Wasserstein
  /// losses it is `−mean D(generated)`.
  package var generatorLoss: Float
  /// The norm of the gradient of the critic's loss with respect to its weights.
  package var criticGradientNorm: Float
  /// The norm of the gradient of the generator's loss with respect to its weights.
  package var generatorGradientNorm: Float

  /// Creates losses of zero.
  package init() {
    criticLoss = 0
    wasserstein = 0
    gradientPenalty = 0
    generatorLoss = 0
    criticGradientNorm = 0
    generatorGradientNorm = 0
  }

  /// Checks the losses and the gradient of the critic's update.
  ///
  /// - Throws: ``Divergence`` if one is not finite or exceeds `limit`.
  func checkCritic(limit: Float) throws(Divergence) {
    try Divergence.check("the critic's loss", criticLoss, limit: limit)
    try Divergence.check("the Wasserstein estimate", wasserstein, limit: limit)
    try Divergence.check("the gradient penalty", gradientPenalty, limit: limit)
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
