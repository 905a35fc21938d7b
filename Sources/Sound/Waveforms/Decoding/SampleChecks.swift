internal import CSpecGANKernels

extension [Float] {
  /// Returns the index of the first sample that is not within ±`limit`, or is a NaN; nil if there
  /// is none.
  ///
  /// - Precondition: `limit` is positive.
  func firstBeyond(_ limit: Float) -> Int? {
    // The maximum of bit patterns is a loop without branches; only a rare bad block is searched.
    let largest = unsafe specgan_largest_bits(self, ~Float(-0.0).bitPattern, count)
    return largest <= limit.bitPattern ? nil : firstIndex { !(abs($0) <= limit) }
  }

  /// The number of samples beyond ±1.
  var countBeyondOne: Int {
    firstBeyond(1).map { first in self[first...].count { abs($0) > 1 } } ?? 0
  }

  /// The index of the first NaN or infinity.
  var firstNonFinite: Int? { firstBeyond(.greatestFiniteMagnitude) }
}
