import Foundation
import SpecGANRandomness
import SpecGANTestSupport
import Testing

@Suite struct RandomStreamTests {
  private let stream = RandomStream(seed: 42, purpose: .order, row: 3)

  /// The streams of the fixture use every word of the counter and of the key.
  @Test(arguments: 0..<4) func equalsTheReferenceProgram(number: Int) throws {
    let golden = try Golden("philox")
    let name = "stream_\(number)"
    let identity = try golden.words("\(name)/identity").map { UInt64($0) }
    let purpose = try #require(RandomStream.Purpose(rawValue: UInt32(identity[2])))
    let stream = RandomStream(
      seed: identity[0] | identity[1] << 32, purpose: purpose, row: UInt32(identity[3]))
    let first = identity[4] | identity[5] << 32
    let indices = (0..<13).map { first + $0 }
    #expect(indices.map { stream.bits(at: $0) } == (try golden.words("\(name)/bits")))
    #expect(indices.map { stream.uniform(at: $0) } == (try golden.floats("\(name)/uniforms")))
    for bound in [5, 1_000_003] {
      let expected = try golden.integers("\(name)/integers_below_\(bound)").map { Int($0) }
      #expect(indices.map { stream.integer(below: bound, at: $0) } == expected)
    }
    let order = try golden.integers("\(name)/permutation").map { Int($0) }
    #expect(stream.permutation(of: 11) == order)
  }

  @Test func purposeRowAndSeedChangeEverything() {
    var streams = RandomStream.Purpose.allCases.flatMap { purpose in
      [UInt32(0), 1, .max].map { RandomStream(seed: 1, purpose: purpose, row: $0) }
    }
    streams += [0, 2, 1 << 32, .max].map { RandomStream(seed: $0, purpose: .weights) }
    let rows = streams.map { stream in (0..<64).map { stream.bits(at: $0) } }
    for (index, row) in rows.enumerated() {
      for other in rows[..<index] {
        let equal = zip(row, other).filter { $0 == $1 }.count
        #expect(equal == 0)  // 26 · 25 / 2 pairs of 64 words: one in 2·10⁵ such tests by chance
      }
    }
  }

  /// Box and Muller's formula in double precision, from any index on.
  @Test func normalNumbersFollowFromUniformOnes() {
    let stream = RandomStream(seed: 3, stream: 8)
    func numbers(_ count: Int, from index: UInt64) -> [Float] {
      var numbers = [Float](repeating: .nan, count: count)
      var span = numbers.mutableSpan
      stream.fillNormal(&span, from: index)
      return numbers
    }
    let all = numbers(10_000, from: 0)
    for first in 0..<7 {
      #expect(numbers(9 - first, from: UInt64(first)) == Array(all[first..<9]))
    }
    for pair in 0..<5_000 as Range<UInt64> {
      let (radius, turns) = (
        1 - Double(stream.uniform(at: 2 * pair)), Double(stream.uniform(at: 2 * pair + 1))
      )
      let length = (-2 * log(radius)).squareRoot()
      for (index, exact) in [cos(2 * .pi * turns), sin(2 * .pi * turns)].enumerated() {
        let found = Double(all[Int(2 * pair) + index])
        // One rounding of the result, and the error of the sine, of a length below 6.
        let tolerance = 0x1p-24 * abs(length * exact) + 6 * 0x1p-29
        #expect(abs(found - length * exact) <= tolerance, "\(pair): \(found)")
      }
    }
  }

  @Test func noPurposeHasTheNumberOfAnother() {
    #expect(RandomStream.Purpose.allCases.map(\.rawValue) == Array(1...26))
  }

  @Test func uniformNumbersAreBelowOneAndOnTheirGrid() {
    for index in 0..<10_000 as Range<UInt64> {
      let number = stream.uniform(at: index)
      #expect(number >= 0 && number < 1)
      #expect((number * 0x1p24).rounded() == number * 0x1p24)
    }
  }

  @Test func fillGivesTheNumbersOfTheirPlaces() {
    for first in [0, 1, 2, 3, 4, 1 << 34 - 2] as [UInt64] {
      for count in [0, 1, 3, 4, 9] {
        var numbers = [Float](repeating: .nan, count: count)
        var span = numbers.mutableSpan
        stream.fill(&span, from: first, lowest: -1, width: 2)
        let expected = (0..<count).map { -1 + 2 * stream.uniform(at: first + UInt64($0)) }
        #expect(numbers == expected)
      }
    }
  }

  @Test(arguments: [1, 2, 3, 7, 1000, Int(UInt32.max)]) func integersStayBelowTheirBound(bound: Int)
  {
    let integers = (0..<1000).map { stream.integer(below: bound, at: $0) }
    #expect(integers.allSatisfy { (0..<bound).contains($0) })
    if bound <= 7 { #expect(Set(integers).count == bound) }
  }

  @Test(arguments: [0, 1, 2, 3, 10, 1000]) func permutationHasEachNumberOnce(count: Int) {
    let order = stream.permutation(of: count)
    #expect(order.sorted() == Array(0..<count))
    if count == 1000 { #expect(order != Array(0..<count)) }
  }

  /// 24 orders of four, 24,000 draws: each 1000 times, give or take 31; five times that.
  @Test func everyOrderIsAsLikely() {
    var counts: [[Int]: Int] = [:]
    for row in 0..<24_000 as Range<UInt32> {
      counts[RandomStream(seed: 9, purpose: .order, row: row).permutation(of: 4), default: 0] += 1
    }
    #expect(counts.count == 24)
    #expect(counts.values.allSatisfy { abs($0 - 1000) <= 155 })
  }
}

/// Each bound is five standard errors of 2²⁰ draws.
@Suite struct RandomStreamStatisticsTests {
  private let count = 1 << 20
  private var numbers: [Double] {
    let stream = RandomStream(seed: 7, purpose: .trainingLatents)
    return (0..<UInt64(count)).map { Double(stream.uniform(at: $0)) }
  }

  @Test func meanAndVarianceAreThoseOfTheUniformDistribution() {
    let numbers = numbers
    let mean = numbers.reduce(0, +) / Double(count)
    let variance = numbers.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)
    #expect(abs(mean - 0.5) <= 5 * 0.2887 / 1024)  // deviation 1/√12
    #expect(abs(variance - 1 / 12.0) <= 5 * 0.0745 / 1024)  // that of (x − ½)² is 1/√180
  }

  /// χ² over 256 cells has mean 255 and deviation √510 = 22.6.
  @Test func everyCellIsAsLikely() {
    var cells = [Double](repeating: 0, count: 256)
    for number in numbers { cells[Int(number * 256)] += 1 }
    let expected = Double(count) / 256
    let chiSquare = cells.map { ($0 - expected) * ($0 - expected) / expected }.reduce(0, +)
    #expect(abs(chiSquare - 255) <= 5 * 22.6)
  }

  /// Within a block of four, across blocks, and far apart.
  @Test(arguments: [1, 2, 3, 4, 5, 64, 4096]) func neighboursDoNotKnowEachOther(distance: Int) {
    let centered = numbers.map { $0 - 0.5 }
    let products = zip(centered, centered.dropFirst(distance)).map { $0 * $1 }
    let correlation = 12 * products.reduce(0, +) / Double(products.count)
    #expect(abs(correlation) <= 5.0 / 1024)
  }

  @Test func streamsDoNotKnowEachOther() {
    let other = RandomStream(seed: 7, purpose: .trainingLatents, row: 1)
    let products = numbers.enumerated().map { index, number in
      (number - 0.5) * (Double(other.uniform(at: UInt64(index))) - 0.5)
    }
    #expect(abs(12 * products.reduce(0, +) / Double(count)) <= 5.0 / 1024)
  }
}
