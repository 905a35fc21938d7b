internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors

/// The order in which the sums of the shards of a batch are added: neighbors, then neighbors of
/// these sums, and so on.
///
/// It depends only on the number of shards. So a batch has the same sums, bit by bit, however its
/// shards are distributed over the processes of a run, each of which has a power of two of
/// neighboring shards.
package enum SumTree {
  /// Returns the sums of `parts`, element by element.
  ///
  /// - Precondition: there is a power of two of parts, of equal length.
  package static func sums(of parts: [[Double]]) -> [Double] {
    requirePowerOfTwo(parts.count)
    var parts = parts
    forEachPair(parts.count) { first, second in
      for index in parts[first].indices { parts[first][index] += parts[second][index] }
    }
    return parts[0]
  }

  /// Adds all of `parts` to the first one, and clears the others.
  ///
  /// - Precondition: there is a power of two of parts, with the same layout.
  package static func addUp(_ parts: [Parameters], on engine: Engine) {
    requirePowerOfTwo(parts.count)
    let count = parts[0].layout.count
    forEachPair(parts.count) { first, second in
      engine.run(over: 0..<count, by: 1 << 14) { range, _ in
        let (target, source) = (
          parts[first].block.part(offset: range.lowerBound, count: range.count),
          parts[second].block.part(offset: range.lowerBound, count: range.count)
        )
        unsafe specgan_add(source.start, range.count, target.start)
        source.fill(0)
      }
    }
  }

  /// Calls `body` for each addition of part `second` to part `first`, in order.
  private static func forEachPair(_ count: Int, _ body: (_ first: Int, _ second: Int) -> Void) {
    var distance = 1
    while distance < count {
      for first in stride(from: 0, to: count, by: 2 * distance) { body(first, first + distance) }
      distance *= 2
    }
  }

  private static func requirePowerOfTwo(_ count: Int) {
    require(count > 0 && count & (count - 1) == 0, "\(count) shards are not a power of two")
  }
}
