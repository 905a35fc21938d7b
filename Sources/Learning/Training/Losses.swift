/// What one step measured; the critic's figures are those of its last update.
package struct Losses: Equatable, Sendable {
  /// What the critic makes small; with the gradient penalty
  /// `mean D(generated) − mean D(real) + λ · penalty`.
  package var criticLoss: Float
  /// `mean D(real) − mean D(generated)`: with the Wasserstein losses, the critic's estimate of that
  /// distance.
  package var wasserstein: Float
  /// `mean (‖∇D‖₂ − 1)²`, without `λ`; 0 where the loss has none.
  package var gradientPenalty: Float
  /// What the generator makes small, before its update; with the Wasserstein losses
  /// `−mean D(generated)`.
  package var generatorLoss: Float
  /// The norm of the critic loss's gradient in the critic's weights.
  package var criticGradientNorm: Float
  /// The norm of the generator loss's gradient in the generator's weights.
  package var generatorGradientNorm: Float

  /// Zeros, before anything is measured.
  package init() {
    criticLoss = 0
    wasserstein = 0
    gradientPenalty = 0
    generatorLoss = 0
    criticGradientNorm = 0
    generatorGradientNorm = 0
  }

  /// Checks what a critic's update measured.
  func checkCritic(limit: Float) throws(Divergence) {
    try Divergence.check("the critic's loss", criticLoss, limit: limit)
    try Divergence.check("the Wasserstein estimate", wasserstein, limit: limit)
    try Divergence.check("the gradient penalty", gradientPenalty, limit: limit)
    try Divergence.check("the critic's gradient", criticGradientNorm, limit: limit)
  }

  /// Checks what the generator's update measured.
  func checkGenerator(limit: Float) throws(Divergence) {
    try Divergence.check("the generator's loss", generatorLoss, limit: limit)
    try Divergence.check("the generator's gradient", generatorGradientNorm, limit: limit)
  }
}
