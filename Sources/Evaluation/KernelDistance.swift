public import Workers

/// How far apart two sets of sounds are, without assuming a distribution, and without the bias of small
/// sets: the unbiased square of the maximum mean discrepancy.
///
/// The kernel is `(x·y / d + 1)³`. It may be below zero by chance where the sets are alike.
/// Source: Bińkowski et al., "Demystifying MMD GANs", ICLR 2018, section 4; Gretton et al., "A Kernel
/// Two-Sample Test", 2012, equation 3. (KAD, Chung et al. 2025, has a Gaussian kernel: its values are others.)
public struct KernelDistance: Equatable, Sendable {
  /// The mean over subsets.
  public let mean: Double
  /// The population standard deviation over subsets.
  public let deviation: Double
  /// What the subsets lie between, but for the lowest and the highest fortieth of them: how far subsets of
  /// ``subsetSize`` scatter, which says nothing of the mean's own error.
  public let interval: ClosedRange<Double>
  /// Sounds of a subset, from each set.
  public let subsetSize: Int

  /// Of `generated` from `real`.
  ///
  /// - Parameters:
  ///   - generated: sounds.
  ///   - real: others.
  ///   - subsets: how many subsets, by chance; a sound may be in several.
  ///   - subsetSize: the most sounds of one, from each set; no more than the smaller set has, and where
  ///     that is all of both sets, all subsets are the same.
  ///   - seed: which sounds are in a subset.
  ///   - workers: who computes; the result does not depend on them.
  /// - Throws: ``EvaluationError`` where there are fewer than two sounds, or of different features.
  public init(
    of generated: Features, from real: Features, subsets: Int = 100, subsetSize: Int = 1_000,
    seed: UInt64 = 0, workers: Workers
  ) throws(EvaluationError) {
    try real.check(matches: generated)
    guard subsets > 0 else {
      throw .setting(name: "subsets", found: subsets, allowed: "at least 1")
    }
    guard subsetSize > 1 else {
      throw .setting(name: "subsetSize", found: subsetSize, allowed: "at least 2")
    }
    let size = min(subsetSize, generated.count, real.count)
    guard size > 1 else { throw .tooFew(what: "sounds", found: size, needed: 2) }
    let values = (0..<subsets).map { row in
      Self.discrepancy(
        generated.subset(size, seed: seed, row: 2 * row),
        real.subset(size, seed: seed, row: 2 * row + 1), workers)
    }
    let estimate = MeanAndDeviation(of: values)
    let sorted = values.sorted()
    let tail = Int((0.025 * Double(subsets)).rounded(.down))
    self.subsetSize = size
    (mean, deviation) = (estimate.mean, estimate.deviation)
    interval = sorted[tail]...sorted[subsets - 1 - tail]
  }

  private static func discrepancy(_ x: Features, _ y: Features, _ workers: Workers) -> Double {
    let count = Double(x.count)
    func within(_ set: Features) -> Double {
      sum(set, set, workers) { kernels, row in kernels[kernels.startIndex + row] }
        / (count * (count - 1))
    }
    let across = sum(x, y, workers) { _, _ in nil } / (count * count)
    return within(x) + within(y) - 2 * across
  }

  /// The sum of the kernel over all pairs, without those that `left` names for a row.
  private static func sum(
    _ x: Features, _ y: Features, _ workers: Workers,
    leavingOut left: @Sendable @escaping (ArraySlice<Float>, Int) -> Float?
  ) -> Double {
    let scale = 1 / Double(x.dimension)
    return x.map(.product, with: y, workers) { row, products in
      var sum = 0.0
      for product in products { sum += cube(Double(product) * scale + 1) }
      return sum - (left(products, row).map { cube(Double($0) * scale + 1) } ?? 0)
    }.reduce(0, +)
  }

  private static func cube(_ x: Double) -> Double { x * x * x }
}
