import SpecGANRandomness
import SpecGANTensorBoard
import Testing

@Suite struct HistogramTests {
  /// Each number in the bucket whose limits are around it, counted one by one.
  @Test func everyNumberIsInItsBucket() throws {
    let stream = RandomStream(seed: 1, stream: 0)
    let values = (0..<5_000).map { index in
      let uniform = stream.uniform(at: UInt64(index))
      return uniform * uniform * uniform - 0.25
    }
    let histogram = try #require(counted(values))
    #expect(histogram.smallest == values.min() && histogram.largest == values.max())
    #expect(histogram.counts.reduce(0, +) == values.count)
    let limits = histogram.limits
    #expect(limits.count == Histogram.bucketCount && limits == limits.sorted())
    for (bucket, count) in histogram.counts.enumerated() {
      let first = bucket == 0 ? -Double.infinity : limits[bucket - 1]
      let isLast = bucket == limits.count - 1
      let expected = values.count { first <= Double($0) && (isLast || Double($0) < limits[bucket]) }
      #expect(count == expected, "bucket \(bucket)")
    }
    let sum = values.reduce(0) { $0 + Double($1) }
    #expect(histogram.sum == sum)
    #expect(histogram.sumOfSquares == values.reduce(0) { $0 + Double($1) * Double($1) })
  }

  @Test func numbersThatAreTheSameHaveOneBucket() throws {
    let histogram = try #require(counted([2, 2, 2]))
    #expect(histogram.counts == [3] && histogram.limits == [2])
  }

  @Test func whatIsNotFiniteIsLeftOut() throws {
    let values: [Float] = [
      .nan, -.infinity, -.greatestFiniteMagnitude, 0, .greatestFiniteMagnitude, .infinity,
    ]
    let histogram = try #require(counted(values))
    #expect(histogram.counts.first == 1 && histogram.counts.last == 1)
    #expect(histogram.counts.reduce(0, +) == 3)
    #expect(histogram.limits.allSatisfy { $0.isFinite })
    #expect(counted([.nan]) == nil)
    #expect(counted([]) == nil)
  }

  private func counted(_ values: [Float]) -> Histogram? { Histogram(of: values.span) }
}
