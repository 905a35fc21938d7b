internal import SpecGANErrors

/// The points of a line; one whose `y` is not finite is a gap.
package struct Curve: Equatable, Sendable {
  package var x: [Double]
  package var y: [Double]

  /// Creates the curve of the points `(x[i], y[i])`.
  package init(x: [Double] = [], y: [Double] = []) { (self.x, self.y) = (x, y) }

  /// Returns the moving average over `width` points, fewer at the ends; gaps stay gaps.
  ///
  /// - Precondition: `width` is odd.
  package func smoothed(over width: Int) -> Curve {
    require(width % 2 == 1, "width (=\(width)) must be odd")
    var sums = [0.0]
    var counts = [0]
    sums.reserveCapacity(y.count + 1)
    counts.reserveCapacity(y.count + 1)
    for (index, value) in y.enumerated() {
      sums.append(sums[index] + (value.isFinite ? value : 0))
      counts.append(counts[index] + (value.isFinite ? 1 : 0))
    }
    let means = y.indices.map { index in
      // Symmetric, so that a straight line is its own average up to its ends.
      let reach = min(width / 2, index, y.count - 1 - index)
      let (first, end) = (index - reach, index + reach + 1)
      return y[index].isFinite
        ? (sums[end] - sums[first]) / Double(counts[end] - counts[first]) : .nan
    }
    return Curve(x: x, y: means)
  }

  /// Returns at most `most` points that look the same: the lowest and the highest of every interval
  /// of `x`, so that all peaks are kept; an interval with only gaps is a gap.
  ///
  /// - Precondition: `x` does not decrease.
  package func thinned(to most: Int) -> Curve {
    guard x.count > most, let first = x.first, let last = x.last, last > first else { return self }
    let stretches = max(1, most / 2)
    let scale = Double(stretches) / (last - first)
    var thin = Curve()
    var start = 0
    while start < x.count {
      let stretch = min(Int((x[start] - first) * scale), stretches - 1)
      var end = start + 1
      while end < x.count, min(Int((x[end] - first) * scale), stretches - 1) == stretch { end += 1 }
      thin.append(extremesOf: self, start..<end)
      start = end
    }
    return thin
  }

  private mutating func append(extremesOf curve: Curve, _ range: Range<Int>) {
    var (low, high): (Int?, Int?)
    for index in range where curve.y[index].isFinite {
      if low.map({ curve.y[index] < curve.y[$0] }) ?? true { low = index }
      if high.map({ curve.y[index] > curve.y[$0] }) ?? true { high = index }
    }
    guard let low, let high else { return append(curve, range.lowerBound) }
    append(curve, min(low, high))
    if low != high { append(curve, max(low, high)) }
  }

  private mutating func append(_ curve: Curve, _ index: Int) {
    x.append(curve.x[index])
    y.append(curve.y[index])
  }
}
