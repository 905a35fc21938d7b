// Gulrajani et al. 2017 (wgan-gp), Arjovsky et al. 2017 (wgan), Mao et al. 2017 (lsgan), Goodfellow
// et al. 2014 in the form that does not saturate (dcgan), with factors of one half as in the
// reference implementation.

internal import Foundation

/// The training objective of a GAN, a function of the critic's values for examples, which have no
/// activation.
public enum Loss: String, CaseIterable, Sendable {
  /// The Wasserstein loss with a gradient penalty.
  case wassersteinGradientPenalty = "wgan-gp"
  /// The Wasserstein loss, with the critic's weights clipped.
  case wassersteinClipping = "wgan"
  /// Least squares from 1 for real and 0 for generated examples.
  case leastSquares = "lsgan"
  /// The cross-entropy of classifying real and generated examples.
  case crossEntropy = "dcgan"
}

/// The contribution of one example to a loss, which is the mean of these over the batch.
public struct LossTerm: Equatable, Sendable {
  /// The term.
  public let value: Float
  /// The derivative with respect to the critic's value.
  public let slope: Float

  /// Creates a term and its derivative.
  package init(_ value: Float, _ slope: Float) {
    self.value = value
    self.slope = slope
  }
}

extension Loss {
  /// Whether the critic's values have no scale, so that only their differences are meaningful.
  package var isWasserstein: Bool {
    self == .wassersteinGradientPenalty || self == .wassersteinClipping
  }
  /// Whether the norm of the critic's gradient with respect to its input is kept close to one.
  package var hasGradientPenalty: Bool { self == .wassersteinGradientPenalty }

  /// Returns the term of a real example with the value `d` in the critic's loss.
  public func criticTerm(real d: Float) -> LossTerm {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping: LossTerm(-d, -1)
    case .leastSquares: LossTerm((d - 1) * (d - 1) / 2, d - 1)
    case .crossEntropy: LossTerm(softplus(-d) / 2, -sigmoid(-d) / 2)
    }
  }

  /// Returns the term of a generated example with the value `d` in the critic's loss.
  public func criticTerm(generated d: Float) -> LossTerm {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping: LossTerm(d, 1)
    case .leastSquares: LossTerm(d * d / 2, d)
    case .crossEntropy: LossTerm(softplus(d) / 2, sigmoid(d) / 2)
    }
  }

  /// Returns the term of a generated example with the value `d` in the generator's loss.
  public func generatorTerm(_ d: Float) -> LossTerm {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping: LossTerm(-d, -1)
    case .leastSquares: LossTerm((d - 1) * (d - 1), 2 * (d - 1))
    case .crossEntropy: LossTerm(softplus(-d), -sigmoid(-d))
    }
  }

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

/// Returns `ln(1 + eˣ)`, for any `x` without overflow.
private func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }

/// Returns `1 / (1 + e⁻ˣ)`.
private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
