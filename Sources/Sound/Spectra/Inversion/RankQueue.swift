/// A priority queue of integers below a bound, from which the smallest is removed first.
///
/// It stores one bit per number, and for each word of 64 bits one bit in the level above, which
/// shows whether any is set, up to a single word. It needs no comparisons. Source: van Emde Boas,
/// Kaas and Zijlstra, "Design and Implementation of an Efficient Priority Queue", 1977, for the
/// idea.
package struct RankQueue {
  private var words: [UInt64] = []
  /// The index in `words` at which each level begins; the level of the numbers is first.
  private var starts: [Int] = []

  /// Creates an empty queue of numbers below `bound`.
  package init(bound: Int) {
    var count = bound
    repeat {
      count = max((count + 63) / 64, 1)
      starts.append(words.count)
      words += repeatElement(0, count: count)
    } while count > 1
  }

  /// Inserts `number`.
  package mutating func insert(_ number: Int) {
    var place = number
    for start in starts {
      let before = words[start + (place >> 6)]
      words[start + (place >> 6)] = before | 1 << UInt64(place & 63)
      if before != 0 { return }  // the bits above are set already
      place >>= 6
    }
  }

  /// Removes and returns the smallest number; nil if the queue is empty.
  package mutating func removeFirst() -> Int? {
    guard words[words.count - 1] != 0 else { return nil }
    var number = 0
    for start in starts.reversed() {
      number = number << 6 | words[start + number].trailingZeroBitCount
    }
    var place = number
    for start in starts {
      words[start + (place >> 6)] &= ~(1 << UInt64(place & 63))
      if words[start + (place >> 6)] != 0 { break }
      place >>= 6
    }
    return number
  }
}
