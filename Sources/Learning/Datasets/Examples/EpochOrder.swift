internal import SpecGANRandomness

/// The endless row of examples that training reads: every epoch has each once, in an order of its
/// own.
///
/// What stands at a position is a function of the seed and the position, so a run that goes on
/// later reads the same examples.
package struct EpochOrder: Sendable {
  private let count: Int
  private let seed: UInt64
  private let variant: UInt32
  private var epoch = -1
  private var order: [Int] = []

  /// The row of `count` examples under `seed`.
  ///
  /// - Parameters:
  ///   - count: how many examples there are.
  ///   - seed: what the order depends on.
  ///   - variant: which of the seed's many rows.
  /// - Precondition: there is at least one example.
  package init(count: Int, seed: UInt64, variant: UInt32 = 0) {
    precondition(count > 0, "there must be at least one example")
    self.count = count
    self.seed = seed
    self.variant = variant
  }

  /// The example at `position`, from 0.
  package subscript(position: Int) -> Int {
    mutating get {
      let (epoch, place) = position.quotientAndRemainder(dividingBy: count)
      if epoch != self.epoch {
        self.epoch = epoch
        order = RandomStream(seed: seed, purpose: .order, row: UInt32(truncatingIfNeeded: epoch))
          .permutation(of: count, from: UInt64(variant) << 32)
      }
      return order[place]
    }
  }
}
