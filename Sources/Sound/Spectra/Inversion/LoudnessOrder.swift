/// Places in order of falling magnitude, those of equal magnitude in their own order.
///
/// A radix sort: bit patterns of numbers that are not negative are in the numbers' order.
struct LoudnessOrder {
  /// Bits that one pass sorts by.
  private static let digit = 11

  /// The sorted places; only those above the floor.
  private(set) var places: [UInt32] = []
  private var keys: [UInt64] = []
  private var sorted: [UInt64] = []

  /// Orders the places of `magnitudes` that are above `floor`.
  mutating func sort(_ magnitudes: [Float], above floor: Float) {
    keys.removeAll(keepingCapacity: true)
    for place in magnitudes.indices where magnitudes[place] > floor {
      // Falling order of magnitudes is rising order of what is left to the largest.
      let key = ~magnitudes[place].bitPattern
      keys.append(UInt64(key) << 32 | UInt64(place))
    }
    if sorted.count < keys.count { sorted = .init(repeating: 0, count: keys.count) }
    sorted.removeLast(sorted.count - keys.count)
    for shift in stride(from: 32, to: 64, by: Self.digit) { pass(UInt64(shift)) }
    places.removeAll(keepingCapacity: true)
    places.append(contentsOf: keys.lazy.map { UInt32(truncatingIfNeeded: $0) })
  }

  /// Sorts by one digit, and leaves equal ones in their order.
  private mutating func pass(_ shift: UInt64) {
    let mask = (UInt64(1) << UInt64(Self.digit)) - 1
    // How many keys have each digit, and then where the next one of them goes.
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
