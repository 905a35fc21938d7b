internal import SpecGANWireFormat

/// A histogram of values, in buckets of equal width from the smallest to the largest.
package struct Histogram: Equatable, Sendable {
  /// The smallest value.
  package let smallest: Float
  /// The largest value.
  package let largest: Float
  /// The sum.
  package private(set) var sum = 0.0
  /// The sum of the squares.
  package private(set) var sumOfSquares = 0.0
  /// The number of values in each bucket; one bucket if all values are equal.
  package private(set) var counts: [Int]

  /// The number of buckets if values differ; TensorBoard shows 30.
  package static let bucketCount = 60

  /// Creates a histogram of the finite `values`; nil if there are none.
  package init?(of values: Span<Float>) {
    guard let range = Self.range(of: values) else { return nil }
    (smallest, largest) = (range.lowerBound, range.upperBound)
    counts = Array(repeating: 0, count: smallest < largest ? Self.bucketCount : 1)
    let (first, scale) = (Double(smallest), 1 / width)
    for index in values.indices where values[index].isFinite {
      let value = Double(values[index])
      sum += value
      sumOfSquares += value * value
      let bucket = counts.count == 1 ? 0 : Int((value - first) * scale)
      counts[min(bucket, counts.count - 1)] += 1
    }
  }

  /// The width of a bucket.
  private var width: Double { (Double(largest) - Double(smallest)) / Double(counts.count) }

  /// The upper ends of the buckets; the last is the largest value.
  package var limits: [Double] {
    (1..<counts.count).map { Double(smallest) + Double($0) * width } + [Double(largest)]
  }

  private static func range(of values: Span<Float>) -> ClosedRange<Float>? {
    var (low, high) = (Float.infinity, -Float.infinity)
    for index in values.indices where values[index].isFinite {
      low = min(low, values[index])
      high = max(high, values[index])
    }
    return low <= high ? low...high : nil
  }

  /// The message `HistogramProto` of Protocol Buffers.
  var message: Message {
    var message = Message()
    message.append(Field.smallest, Double(smallest))
    message.append(Field.largest, Double(largest))
    message.append(Field.count, Double(counts.reduce(0, +)))
    message.append(Field.sum, sum)
    message.append(Field.sumOfSquares, sumOfSquares)
    message.append(Field.limits, limits)
    message.append(Field.counts, counts.map(Double.init))
    return message
  }

  private enum Field {
    static let smallest: UInt64 = 1
    static let largest: UInt64 = 2
    static let count: UInt64 = 3
    static let sum: UInt64 = 4
    static let sumOfSquares: UInt64 = 5
    static let limits: UInt64 = 6
    static let counts: UInt64 = 7
  }
}
