/// The indices of bins in order of decreasing magnitude; bins of equal magnitude stay in their
/// order.
///
/// The sort is a radix sort: bit patterns of nonnegative numbers are in the order of the numbers.
struct LoudnessOrder {
  /// The number of bits that one pass sorts by.
  private static let digit = 11

  /// The sorted indices; only those of bins above the floor.
  private(set) var places: [UInt32] = []
  private var keys: [UInt64] = []
  private var sorted: [UInt64] = []

  /// Sorts the indices of `magnitudes` that are above `floor`.
  mutating func sort(_ magnitudes: [Float], above floor: Float) {
    keys.removeAll(keepingCapacity: true)
    for place in magnitudes.indices where magnitudes[place] > floor {
      // The complement turns decreasing order into increasing order.
      let key = ~magnitudes[place].bitPattern
      keys.append(UInt64(key) << 32 | UInt64(place))
    }
    if sorted.count < keys.count { sorted = .init(repeating: 0, count: keys.count) }
    sorted.removeLast(sorted.count - keys.count)
    for shift in stride(from: 32, to: 64, by: Self.digit) { pass(UInt64(shift)) }
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: keys.lazy.map { UInt32(truncatingIfNeeded: $0) })
  }

  /// Sorts by one digit; keys with equal digits stay in their order.
  private mutating func pass(_ shift: UInt64) {
    let mask = (UInt64(1) << UInt64(Self.digit)) - 1
    // First the number of keys with each digit, then the index for the next such key.
    var places = [Int](repeating: 0, count: 1 << Self.digit)
    for key in keys { places[Int(key >> shift & mask)] += 1 }
    var sum = 0
    for value in places.indices { (places[value], sum) = (sum, sum + places[value]) }
    for key in keys {
      let value = Int(key >> shift & mask)
      sorted[places[value]] = key
      places[value] += 1
    }
    swap(&keys, &sorted)
  }
}
