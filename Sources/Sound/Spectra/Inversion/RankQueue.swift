/// A set of whole numbers below a bound that gives up its smallest one.
///
/// A bit a number, and over each 64 of them one that says whether any is set, up to a single word:
/// a priority queue without comparisons, for numbers that are ranks. Source: van Emde Boas, Kaas
/// and Zijlstra, "Design and Implementation of an Efficient Priority Queue", 1977, for the idea.
package struct RankQueue {
  private var words: [UInt64] = []
  /// Where each level begins in `words`, the numbers' own first.
  private var starts: [Int] = []

  /// An empty set of numbers below `bound`.
  package init(bound: Int) {
    var count = bound
    repeat {
      count = max((count + 63) / 64, 1)
      starts.append(words.count)
      words += repeatElement(0, count: count)
    } while count > 1
  }

  /// Puts `number` in.
  package mutating func insert(_ number: Int) {
    var place = number
    for start in starts {
      let before = words[start + (place >> 6)]
      words[start + (place >> 6)] = before | 1 << UInt64(place & 63)
      if before != 0 { return }  // the levels above know already
      place >>= 6
    }
  }

  /// Takes the smallest number out; nil where there is none.
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
