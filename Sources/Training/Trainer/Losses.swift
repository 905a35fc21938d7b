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

  /// The name of the first that is no finite number.
  var firstNotFinite: String? {
    let quantities = [
      ("the critic's loss", criticLoss), ("the gradient penalty", gradientPenalty),
      ("the generator's loss", generatorLoss),
    ]
    return quantities.first { !$0.1.isFinite }?.0
  }
}
