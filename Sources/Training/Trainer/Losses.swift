/// What one step measured; the critic's figures are those of its last update.
public struct Losses: Equatable, Sendable {
  /// `mean D(generated) − mean D(real) + λ · penalty`: what the critic makes small.
  public var criticLoss: Float
  /// `mean D(real) − mean D(generated)`: the critic's estimate of the Wasserstein distance.
  public var wasserstein: Float
  /// `mean (‖∇D‖₂ − 1)²`, without `λ`.
  public var gradientPenalty: Float
  /// `−mean D(generated)`, before the generator's update.
  public var generatorLoss: Float
  /// The norm of the critic loss's gradient in the critic's weights.
  public var criticGradientNorm: Float
  /// The norm of the generator loss's gradient in the generator's weights.
  public var generatorGradientNorm: Float

  /// Zeros, before anything is measured.
  package init() {
    criticLoss = 0
    wasserstein = 0
    gradientPenalty = 0
    generatorLoss = 0
    criticGradientNorm = 0
    generatorGradientNorm = 0
  }

  /// The name of the first that is no finite number.
  var firstNotFinite: String? {
    let quantities = [
      ("the critic's loss", criticLoss), ("the gradient penalty", gradientPenalty),
      ("the critic's gradient", criticGradientNorm), ("the generator's loss", generatorLoss),
      ("the generator's gradient", generatorGradientNorm),
    ]
    return quantities.first { !$0.1.isFinite }?.0
  }
}
