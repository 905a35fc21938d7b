internal import RealModule
package import SpecGANErrors

// Salimans et al., "Improved Techniques for Training GANs", 2016, section 4, for the inception
// score; Gurumurthy, Sarvadevabhatla and Babu, "DeLiGAN", 2017, section 5, for the modified one;
// Zhou et al., "Activation Maximization Generative Adversarial Nets", 2018, equation 28, for the AM
// score.

extension ClassProbabilities {
  /// Returns the inception score `exp(E[KL(p(y|x) ‖ p(y))])` over consecutive parts of the clips,
  /// with p(y) the mean of a part.
  ///
  /// It is 1 if all predictions are equal, and at most the number of classes. A probability of zero
  /// adds nothing, its limit; the logarithm of the reference makes the score NaN.
  /// - Parameter splits: the number of parts; the paper has 10, of 50,000 clips in random order.
  /// - Returns: mean and deviation over the parts.
  /// - Throws: ``SpecGANError`` if there are fewer clips than parts.
  public func inceptionScore(splits: Int = 10) throws(SpecGANError) -> MeanAndDeviation {
    guard splits > 0 else {
      throw .setting(name: "splits", found: "\(splits)", allowed: "at least 1")
    }
    guard count >= splits else { throw .tooFew(what: "clips", found: count, needed: splits) }
    return MeanAndDeviation(
      of: (0..<splits).map { split in
        let rows = split * count / splits..<(split + 1) * count / splits
        let mean = mean(of: rows)
        let sum = rows.reduce(0.0) { $0 + divergence(self[$1].map(Double.init), from: mean) }
        return .exp(sum / Double(rows.count))
      })
  }

  /// The modified inception score `exp(E[KL(p(y|x) ‖ p(y|x′))])` over all pairs of clips, including
  /// a clip with itself.
  ///
  /// It is also higher if clips of one class differ. DeLiGAN's paper uses `x′` of the same class as
  /// `x`, class by class; the tables of SC09 use all pairs, and so does this. The usual code draws
  /// 10,000 pairs; this is the mean that it estimates, in time that grows linearly with the number
  /// of clips, because the divergence is linear in `p(y|x)` and in `log p(y|x′)`. The second
  /// probability is at least 1.2·10⁻³⁸, so that the score stays finite.
  public var modifiedInceptionScore: Double {
    var logarithms = [Double](repeating: 0, count: classCount)
    var negativeEntropy = 0.0
    for row in 0..<count {
      for (index, value) in self[row].enumerated() {
        let logarithm = flooredLogarithm(Double(value))
        logarithms[index] += logarithm / Double(count)
        negativeEntropy += Double(value) * logarithm / Double(count)
      }
    }
    let cross = zip(mean(of: 0..<count), logarithms).reduce(0) { $0 + $1.0 * $1.1 }
    return .exp(max(negativeEntropy - cross, 0))
  }

  /// Returns the AM score `KL(p̄ ‖ E[p(y|x)]) + E[H(p(y|x))]`, with p̄ the classes' shares in the
  /// training set, or the mean of p(y|x) over it.
  ///
  /// Lower is better. It is 0 if every prediction is certain and the classes are as frequent as in
  /// the training set. A class that is never predicted counts with 1.2·10⁻³⁸.
  /// - Throws: ``SpecGANError`` if `distribution` is not a distribution over these classes.
  public func amScore(training distribution: [Double]) throws(SpecGANError) -> Double {
    guard distribution.count == classCount else {
      throw .classCount(
        what: "The training set's distribution", found: distribution.count, expected: classCount)
    }
    let sum = distribution.reduce(0, +)
    guard abs(sum - 1) <= 1e-3, distribution.allSatisfy({ $0 >= 0 }) else {
      throw .notDistribution(sum: sum)
    }
    let entropies = (0..<count).reduce(0.0) { $0 + entropy(self[$1].map(Double.init)) }
    return divergence(distribution, from: mean(of: 0..<count)) + entropies / Double(count)
  }

  /// The lower bound of probabilities in logarithms: the smallest normal float32.
  package static let smallestProbability = Double(Float.leastNormalMagnitude)
}

// MARK: - Entropies, in nats

private func flooredLogarithm(_ x: Double) -> Double {
  .log(max(x, ClassProbabilities.smallestProbability))
}

/// Returns `KL(p ‖ q)`, which is never negative.
private func divergence(_ p: [Double], from q: [Double]) -> Double {
  let sum = zip(p, q).reduce(0) { sum, pair in
    pair.0 > 0 ? sum + pair.0 * (flooredLogarithm(pair.0) - flooredLogarithm(pair.1)) : sum
  }
  return max(sum, 0)
}

private func entropy(_ p: [Double]) -> Double {
  p.reduce(0) { $1 > 0 ? $0 - $1 * flooredLogarithm($1) : $0 }
}
