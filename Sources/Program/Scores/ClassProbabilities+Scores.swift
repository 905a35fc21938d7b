internal import RealModule
package import SpecGANErrors

// Salimans et al., "Improved Techniques for Training GANs", 2016, section 4, for the inception
// score; Gurumurthy, Sarvadevabhatla and Babu, "DeLiGAN", 2017, section 5, for the modified one;
// Zhou et al., "Activation Maximization Generative Adversarial Nets", 2018, equation 28, for the AM
// score.

extension ClassProbabilities {
  /// Returns the inception score, `exp(E[KL(p(y|x) ‖ p(y))])`, over consecutive parts of the clips.
  ///
  /// p(y) is the mean of a part.
  ///
  /// From 1, where every sound is the same to the classifier, to the number of classes. A
  /// probability of zero adds nothing, its limit, where the published code's logarithm makes the
  /// score no number.
  /// - Parameter splits: how many parts; the paper has 10, of 50,000 sounds in random order.
  /// - Returns: mean and deviation over the parts.
  /// - Throws: ``SpecGANError`` where there are fewer sounds than parts.
  public func inceptionScore(splits: Int = 10) throws(SpecGANError) -> MeanAndDeviation {
    guard splits > 0 else {
      throw .setting(name: "splits", found: "\(splits)", allowed: "at least 1")
    }
    guard count >= splits else { throw .tooFew(what: "sounds", found: count, needed: splits) }
    return MeanAndDeviation(
      of: (0..<splits).map { split in
        let rows = split * count / splits..<(split + 1) * count / splits
        let mean = mean(of: rows)
        let sum = rows.reduce(0.0) { $0 + divergence(self[$1].map(Double.init), from: mean) }
        return .exp(sum / Double(rows.count))
      })
  }

  /// The modified inception score, `exp(E[KL(p(y|x) ‖ p(y|x′))])` over all pairs of clips.
  ///
  /// Higher where sounds of one class differ too. DeLiGAN's paper takes `x′` of the same class as
  /// `x`, class by class; the tables of SC09 take all pairs, and so does this. The usual code draws
  /// 10,000 pairs; this is the mean it estimates, in time that grows as the number of sounds: the
  /// divergence is linear in `p(y|x)` and in `log p(y|x′)`. Below ``smallestProbability`` the
  /// second is taken for that, so that it stays finite.
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

  /// Returns the AM score, `KL(p̄ ‖ E[p(y|x)]) + E[H(p(y|x))]`.
  ///
  /// p̄ are the classes' shares in the training set, or the mean of p(y|x) over it. Lower is
  /// better; 0 if every clip is of one class for sure and the classes are as frequent as in the
  /// training set. A class that is never reached counts as if it had the smallest positive
  /// probability.
  /// - Throws: ``SpecGANError`` where `distribution` is none over these classes.
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

  /// The least probability that logarithms are taken of: the least that float32 holds in full.
  package static let smallestProbability = Double(Float.leastNormalMagnitude)
}

// MARK: - Entropies, in nats

private func flooredLogarithm(_ x: Double) -> Double {
  .log(max(x, ClassProbabilities.smallestProbability))
}

/// `KL(p ‖ q)`; never negative.
private func divergence(_ p: [Double], from q: [Double]) -> Double {
  let sum = zip(p, q).reduce(0) { sum, pair in
    pair.0 > 0 ? sum + pair.0 * (flooredLogarithm(pair.0) - flooredLogarithm(pair.1)) : sum
  }
  return max(sum, 0)
}

private func entropy(_ p: [Double]) -> Double {
  p.reduce(0) { $1 > 0 ? $0 - $1 * flooredLogarithm($1) : $0 }
}
