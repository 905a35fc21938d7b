internal import SpecGANDatasets
internal import SpecGANErrors

/// The distribution of labels among real clips, which the evaluated clips of a conditional run
/// have.
///
/// The training examples of a run have these shares, so its generator is to be compared with the
/// real clips at the same ones; `generate` uses all labels equally often.
package struct LabelShares: Sendable {
  /// The number of real clips of each label.
  private var counts: [String: Int] = [:]

  /// Creates shares without clips.
  package init() {}

  /// Creates the shares of the slices `places` of `cache`.
  ///
  /// - Throws: ``SpecGANError`` if the labels cannot be read.
  init(of places: [Int], in cache: Cache) throws(SpecGANError) {
    guard !cache.labels.isEmpty else { return }
    let numbers = try cache.labelNumbers()
    for place in places where numbers[place] >= 0 {
      counts[cache.labels[Int(numbers[place])], default: 0] += 1
    }
  }

  /// Creates the shares of `counts` clips of each label.
  package init(counts: [String: Int]) { self.counts = counts }

  /// Returns the numbers of `count` clips of a run with `labels`, of which clip `i` has label
  /// `i mod labels.count`.
  ///
  /// - Returns: the first clips of each label, in proportion to its share; numbers from 0 if the
  ///   run or the real clips have no labels, or no label is common to both.
  package func clipNumbers(count: Int, labels: [String]) -> [Int] {
    let real = labels.map { counts[$0] ?? 0 }
    let total = real.reduce(0, +)
    guard total > 0 else { return Array(0..<count) }
    // Whole parts first, then the largest remainders, of which the first of equal ones.
    var quotas = real.map { $0 * count / total }
    let remainders = real.indices.sorted {
      (real[$1] * count % total, $0) < (real[$0] * count % total, $1)
    }
    for label in remainders.prefix(count - quotas.reduce(0, +)) { quotas[label] += 1 }
    return quotas.enumerated().flatMap { label, quota in
      (0..<quota).map { label + labels.count * $0 }
    }.sorted()
  }

  /// Whether the real clips have different numbers of the labels `labels`.
  package func areUnequal(for labels: [String]) -> Bool {
    let real = Set(labels.map { counts[$0] ?? 0 })
    return real.count > 1
  }
}
