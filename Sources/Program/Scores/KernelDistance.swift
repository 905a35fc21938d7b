internal import RealModule
package import SpecGANErrors
package import SpecGANWorkers

/// The kernel distance of two sets of clips: the unbiased square of the maximum mean discrepancy.
///
/// It assumes no distribution, and small sets do not bias it. The kernel is `(x·y / d + 1)³`. If
/// the sets are alike, it may be below zero by chance. It takes all pairs once; the usual code
/// takes the mean over a hundred subsets of a thousand, which has more variance and takes ten times
/// as long. Source: Bińkowski et al., "Demystifying MMD GANs", ICLR 2018, section 4; Gretton et
/// al., "A Kernel Two-Sample Test", 2012, equation 3. KAD (Chung et al. 2025) has a Gaussian kernel
/// and other values.
public struct KernelDistance: Equatable, Sendable {
  /// The estimate from all pairs.
  public let value: Double
  /// The standard error, by the jackknife.
  ///
  /// If both sets are of one distribution it is too large, by about √2.
  public let standardError: Double

  /// The 95 % confidence interval of the distance.
  public var interval: ClosedRange<Double> {
    let half = StandardNormal.twentieth * standardError
    return value - half...value + half
  }

  /// Of `generated` from `real`.
  ///
  /// - Parameters:
  ///   - generated: sounds.
  ///   - real: others.
  ///   - workers: who computes; the result does not depend on them.
  /// - Throws: ``SpecGANError`` where a set has fewer than three sounds, or other features.
  package init(
    of generated: Features, from real: Features, workers: Workers
  ) throws(SpecGANError) {
    try real.check(matches: generated)
    let least = min(generated.count, real.count)
    guard least > 2 else { throw .tooFew(what: "sounds", found: least, needed: 3) }
    let within = (Self.sums(generated, workers), Self.sums(real, workers))
    let across = (
      Self.sums(generated, real, workers), Self.sums(real, generated, workers)
    )
    let (first, second) = (Sums(within.0, across.0), Sums(within.1, across.1))
    value = first.withinMean + second.withinMean - 2 * first.acrossMean(others: real.count)
    standardError =
      (first.variance(others: real.count) + second.variance(others: generated.count)).squareRoot()
  }

  /// For each row of `x`, the sum of the kernel over the rows of `y`.
  private static func sums(_ x: Features, _ y: Features, _ workers: Workers) -> [Double] {
    let scale = 1 / Double(x.dimension)
    return x.map(.product, with: y, workers) { _, products in
      products.reduce(0.0) { $0 + cube(Double($1) * scale + 1) }
    }
  }

  /// For each row of `x`, the sum of the kernel over the other rows.
  private static func sums(_ x: Features, _ workers: Workers) -> [Double] {
    let scale = 1 / Double(x.dimension)
    return x.map(.product, with: x, workers) { row, products in
      let itself = cube(Double(products[products.startIndex + row]) * scale + 1)
      return products.reduce(0.0) { $0 + cube(Double($1) * scale + 1) } - itself
    }
  }

  private static func cube(_ x: Double) -> Double { x * x * x }
}

/// What one set's sounds add to the estimate.
///
/// Source: Arvesen, "Jackknifing U-Statistics", Annals of Mathematical Statistics, 1969, for two
/// samples.
private struct Sums {
  /// For each sound, the kernel's sum over the others of its set, and over the other set.
  private let within, across: [Double]
  private let (withinSum, acrossSum): (Double, Double)

  package init(_ within: [Double], _ across: [Double]) {
    (self.within, self.across) = (within, across)
    (withinSum, acrossSum) = (within.reduce(0, +), across.reduce(0, +))
  }

  private var count: Double { Double(within.count) }

  package var withinMean: Double { withinSum / (count * (count - 1)) }

  package func acrossMean(others: Int) -> Double { acrossSum / (count * Double(others)) }

  /// The variance of the estimate by this set's sounds: of what it is without each in turn.
  package func variance(others: Int) -> Double {
    let estimates = zip(within, across).map { within, across in
      (withinSum - 2 * within) / ((count - 1) * (count - 2))
        - 2 * (acrossSum - across) / ((count - 1) * Double(others))
    }
    let deviation = MeanAndDeviation(of: estimates).deviation
    return (count - 1) * deviation * deviation
  }
}
