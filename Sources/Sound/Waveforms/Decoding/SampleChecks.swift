internal import CSpecGANKernels

extension [Float] {
  /// Where the first number is that is not within ±`limit`; a NaN never is.
  ///
  /// - Precondition: `limit` is positive.
  func firstBeyond(_ limit: Float) -> Int? {
    // A maximum of bit patterns is a loop without branches; the search is for the rare bad block.
    let largest = unsafe specgan_largest_bits(self, ~Float(-0.0).bitPattern, count)
    return largest <= limit.bitPattern ? nil : firstIndex { !(abs($0) <= limit) }
  }

  /// How many numbers lie beyond ±1.
  var countBeyondOne: Int {
    firstBeyond(1).map { first in self[first...].count { abs($0) > 1 } } ?? 0
  }

  /// Where the first NaN or infinity is.
  var firstNonFinite: Int? { firstBeyond(.greatestFiniteMagnitude) }
}
