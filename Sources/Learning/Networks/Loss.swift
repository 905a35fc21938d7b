// Gulrajani et al. 2017 (wgan-gp), Arjovsky et al. 2017 (wgan), Mao et al. 2017 (lsgan), Goodfellow
// et al. 2014 in the form that does not saturate (dcgan), with factors of one half as in the
// reference implementation; Jolicoeur-Martineau 2019 with the pairs of Huang et al. 2024, "The GAN
// Is Dead; Long Live the GAN!" (rpgan), Lim and Ye 2017 (hinge).

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
  /// The cross-entropy of classifying which example of a pair is real: only differences of the
  /// critic's values count, each of a real and a generated example.
  case relativisticPairs = "rpgan"
  /// The hinge loss: critic's values beyond ±1 on the right side do not count.
  case hinge = "hinge"
}

/// The contribution of one example to a loss, which is the mean of these over the batch.
public struct LossTerm: Equatable, Sendable {
  /// The term; in the critic's loss for a pair, half of the pair's.
  public let value: Float
  /// The derivative of the example's or the pair's term with respect to the critic's value.
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
  /// Whether a term depends on the values of a real and a generated example.
  package var isOfPairs: Bool { self == .relativisticPairs }
  /// Whether the sign of the critic's value for a real example, or of the difference of a pair,
  /// says if the critic is right.
  package var hasSign: Bool {
    self == .crossEntropy || self == .hinge || self == .relativisticPairs
  }
  /// Whether the norm of the critic's gradient with respect to its input is kept close to one.
  package var hasGradientPenalty: Bool { self == .wassersteinGradientPenalty }

  /// Returns the term of a real example in the critic's loss.
  ///
  /// - Parameters:
  ///   - d: the critic's value for the example.
  ///   - generated: the value for the generated example of its pair, which only
  ///     ``relativisticPairs`` uses.
  /// - Returns: the term and its derivative.
  public func criticTerm(real d: Float, against generated: Float = 0) -> LossTerm {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping: LossTerm(-d, -1)
    case .leastSquares: LossTerm((d - 1) * (d - 1) / 2, d - 1)
    case .crossEntropy: LossTerm(softplus(-d) / 2, -sigmoid(-d) / 2)
    case .relativisticPairs: LossTerm(softplus(generated - d) / 2, -sigmoid(generated - d))
    case .hinge: LossTerm(d > 1 ? 0 : 1 - d, d < 1 ? -1 : 0)
    }
  }

  /// Returns the term of a generated example in the critic's loss.
  ///
  /// - Parameters:
  ///   - d: the critic's value for the example.
  ///   - real: the value for the real example of its pair, which only ``relativisticPairs`` uses.
  /// - Returns: the term and its derivative.
  public func criticTerm(generated d: Float, against real: Float = 0) -> LossTerm {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping: LossTerm(d, 1)
    case .leastSquares: LossTerm(d * d / 2, d)
    case .crossEntropy: LossTerm(softplus(d) / 2, sigmoid(d) / 2)
    case .relativisticPairs: LossTerm(softplus(d - real) / 2, sigmoid(d - real))
    case .hinge: LossTerm(d < -1 ? 0 : 1 + d, d > -1 ? 1 : 0)
    }
  }

  /// Returns the term of a generated example in the generator's loss.
  ///
  /// - Parameters:
  ///   - d: the critic's value for the example.
  ///   - real: the value for the real example of its pair, which only ``relativisticPairs`` uses.
  /// - Returns: the term and its derivative.
  public func generatorTerm(_ d: Float, against real: Float = 0) -> LossTerm {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping, .hinge: LossTerm(-d, -1)
    case .leastSquares: LossTerm((d - 1) * (d - 1), 2 * (d - 1))
    case .crossEntropy: LossTerm(softplus(-d), -sigmoid(-d))
    case .relativisticPairs: LossTerm(softplus(real - d), -sigmoid(real - d))
    }
  }

  /// The formula of the critic's loss, without drift and zero-centered gradient penalties.
  package var criticFormula: String {
    switch self {
    case .wassersteinGradientPenalty: "mean D(generated) − mean D(real) + λ · penalty"
    case .wassersteinClipping: "mean D(generated) − mean D(real)"
    case .leastSquares: "(mean (D(real) − 1)² + mean D(generated)²) / 2"
    case .crossEntropy: "(mean softplus(−D(real)) + mean softplus(D(generated))) / 2"
    case .relativisticPairs: "mean softplus(D(generated) − D(real))"
    case .hinge: "mean max(0, 1 − D(real)) + mean max(0, 1 + D(generated))"
    }
  }

  /// The formula of the generator's loss.
  package var generatorFormula: String {
    switch self {
    case .wassersteinGradientPenalty, .wassersteinClipping, .hinge: "−mean D(generated)"
    case .leastSquares: "mean (D(generated) − 1)²"
    case .crossEntropy: "mean softplus(−D(generated))"
    case .relativisticPairs: "mean softplus(D(real) − D(generated))"
    }
  }
}

/// Returns `ln(1 + eˣ)`, for any `x` without overflow.
private func softplus(_ x: Float) -> Float { max(x, 0) + log1p(exp(-abs(x))) }

/// Returns `1 / (1 + e⁻ˣ)`.
private func sigmoid(_ x: Float) -> Float { 1 / (1 + exp(-x)) }
