extension [Float] {
  /// Where the first NaN or infinity is.
  var firstNonFinite: Int? {
    // A maximum of bit patterns is a loop without branches; the search is for the rare bad block.
    let infinity = Float.infinity.bitPattern
    let largest = reduce(into: UInt32(0)) { $0 = Swift.max($0, $1.magnitude.bitPattern) }
    return largest < infinity ? nil : firstIndex { !$0.isFinite }
  }
}
