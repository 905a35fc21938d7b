package import Networks

extension Loss {
  /// The formula of the critic's loss, without the drift penalty.
  package var criticFormula: String {
    switch self {
    case .wassersteinGradientPenalty: "mean D(generated) − mean D(real) + λ · penalty"
    case .wassersteinClipping: "mean D(generated) − mean D(real)"
    case .leastSquares: "(mean (D(real) − 1)² + mean D(generated)²) / 2"
    case .crossEntropy: "(mean softplus(−D(real)) + mean softplus(D(generated))) / 2"
    }
  }

  /// The formula of the generator's loss.
  package var generatorFormula: String {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping: "−mean D(generated)"
    case .leastSquares: "mean (D(generated) − 1)²"
    case .crossEntropy: "mean softplus(−D(generated))"
    }
  }
}
