// Gulrajani et al. 2017 (wgan-gp), Arjovsky et al. 2017 (wgan), Mao et al. 2017 (lsgan), Goodfellow
// et al. 2014 in the form that does not saturate (dcgan); weights of a half as the published code
// has them.

internal import Foundation

/// The training objective of a GAN. `D` is the critic's value for an example, without an
/// activation.
public enum Loss: String, CaseIterable, Sendable {
  /// The Wasserstein loss with a gradient penalty.
  case wassersteinGradientPenalty = "wgan-gp"
  /// The Wasserstein loss, with the critic's weights clipped.
  case wassersteinClipping = "wgan"
  /// Least squares from 1 for real and 0 for generated examples.
  case leastSquares = "lsgan"
  /// The cross-entropy of telling real from generated examples.
  case crossEntropy = "dcgan"
}

/// The contribution of one example to a loss, which is the mean of these over the batch.
public struct LossTerm: Equatable, Sendable {
  /// The term.
  public let value: Float
  /// Its derivative in the critic's value.
  public let slope: Float

  /// A term and its derivative.
  package init(_ value: Float, _ slope: Float) {
    self.value = value
    self.slope = slope
  }
}

extension Loss {
  /// Whether the critic's values have no scale of their own, so that only differences mean
  /// anything.
  package var isWasserstein: Bool {
    self == .wassersteinGradientPenalty || self == .wassersteinClipping
  }
  /// Whether the critic's gradient towards its input is held near a norm of one.
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
}

/// `ln(1 + eˣ)`, for `x` of any size.
private func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }

/// `1 / (1 + e⁻ˣ)`.
private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
