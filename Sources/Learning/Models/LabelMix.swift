internal import SpecGANErrors

/// The label of a generated sample, or a mixture of several.
///
/// A generator's input has a weight for each label. In training one is 1 and all others are 0;
/// weights in between give sounds between those of the labels.
package struct LabelMix: Hashable, Sendable {
  /// The weight of each label; their sum is 1, to rounding.
  package let weights: [Float]

  /// Creates label `index` of `count`.
  ///
  /// - Precondition: `index` is less than `count`.
  package init(_ index: Int, of count: Int) {
    require((0..<count).contains(index), "label (=\(index)) must be below \(count)")
    weights = (0..<count).map { $0 == index ? 1 : 0 }
  }

  /// Creates a mixture, with `weights` divided by their sum unless that is 1 to rounding; nil if
  /// one is negative or not finite, or the sum is not a positive number.
  package init?(_ weights: [Float]) {
    let sum = weights.reduce(0, +)
    guard weights.allSatisfy({ $0 >= 0 && $0.isFinite }), sum > 0, sum.isFinite else { return nil }
    // So that weights that were stored are read with the same bits.
    self.weights = abs(sum - 1) < 1e-5 ? weights : weights.map { $0 / sum }
  }

  /// Returns `count` mixtures in which the weights change evenly from those of `start` to those of
  /// `end`, with both ends unchanged.
  ///
  /// - Precondition: both are of as many labels, and `count` is at least 2.
  package static func path(from start: LabelMix, to end: LabelMix, count: Int) -> [LabelMix] {
    require(
      start.weights.count == end.weights.count && count >= 2,
      "\(count) mixtures from \(start.weights.count) labels to \(end.weights.count)")
    let between = (1..<count - 1).map { index in
      Self.between(start, end, at: Float(index) / Float(count - 1))
    }
    return [start] + between + [end]
  }

  /// Returns the mixture at `position` from `start`, at 0, to `end`, at 1, as in
  /// ``path(from:to:count:)``.
  ///
  /// - Precondition: both are of as many labels.
  package static func between(
    _ start: LabelMix, _ end: LabelMix, at position: Float
  ) -> LabelMix {
    require(
      start.weights.count == end.weights.count,
      "mixtures of \(start.weights.count) and of \(end.weights.count) labels")
    if position == 0 || position == 1 { return position == 0 ? start : end }
    return LabelMix(
      unchecked: zip(start.weights, end.weights).map { (1 - position) * $0 + position * $1 })
  }

  private init(unchecked weights: [Float]) { self.weights = weights }

  /// The index of the label; nil for a mixture.
  package var index: Int? {
    weights.count { $0 > 0 } == 1 ? weights.firstIndex { $0 == 1 } : nil
  }

  /// The index of the label with the largest weight, the first one of several.
  package var dominant: Int {
    weights.indices.max { weights[$0] < weights[$1] || (weights[$0] == weights[$1] && $0 > $1) }
      ?? 0
  }

  /// Returns the name among `names`; for a mixture the names with weights, as `kick=0.7,snare=0.3`.
  package func text(_ names: [String]) -> String {
    if let index { return names[index] }
    return weights.indices.filter { weights[$0] > 0 }.map { "\(names[$0])=\(weights[$0])" }
      .joined(separator: ",")
  }
}

extension GAN {
  /// Each label by itself; empty if the networks are not conditional.
  package var allLabels: [LabelMix] { (0..<labelCount).map { LabelMix($0, of: labelCount) } }
}
