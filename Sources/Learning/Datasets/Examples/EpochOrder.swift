internal import SpecGANRandomness

/// The infinite sequence of examples that training reads, shuffled again for every epoch.
///
/// Each epoch contains every example once. The example at a position is a function of the seed and
/// the position, so a resumed run reads the same examples.
package struct EpochOrder: Sendable {
  private let count: Int
  private let seed: UInt64
  private let variant: UInt32
  private var epoch = -1
  private var order: [Int] = []

  /// Creates a sequence of `count` examples.
  ///
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - seed: the random seed.
  ///   - variant: the index of the sequence; each gives another order for the same seed.
  /// - Precondition: there is at least one example.
  package init(count: Int, seed: UInt64, variant: UInt32 = 0) {
    precondition(count > 0, "there must be at least one example")
    self.count = count
    self.seed = seed
    self.variant = variant
  }

  /// The index of the example at `position`, from 0.
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
