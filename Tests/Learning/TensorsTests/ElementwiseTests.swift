import CSpecGANKernels
import Foundation
import SpecGANTestSupport
import Testing

@Suite struct ElementwiseTests {
  /// Every 997th normal number, and zeros, infinities and NaN.
  @Test func theHyperbolicTangentIsWithinTwoUnitsInTheLastPlace() {
    let bits = stride(
      from: Float.leastNormalMagnitude.bitPattern, to: Float(100).bitPattern, by: 997)
    let inputs = bits.flatMap { [Float(bitPattern: $0), -Float(bitPattern: $0)] }
    for columns in [1, 2] {
      var outputs = inputs
      unsafe specgan_tanh(
        &outputs, outputs.count / columns, [Float](repeating: 0, count: columns), columns)
      let worst = zip(inputs, outputs).map { x, y in
        let exact = tanh(Double(x))
        return abs(Double(y) - exact) / Double(Float(exact).ulp)
      }.max()
      #expect((worst ?? .infinity) < 2)
    }
    var special = [Float](repeating: 0.5, count: 64)
    special.replaceSubrange(20..<25, with: [0, -0.0, .infinity, -.infinity, .nan])
    unsafe specgan_tanh(&special, 64, [-0.0], 1)
    #expect(special[20].sign == .plus && special[21].sign == .minus)
    #expect(special[20..<24] == [0, 0, 1, -1] && special[24].isNaN)
    #expect(special[19] == special[63])
  }

  /// Whole numbers, which are exact, in counts around the vectors' lengths.
  @Test(arguments: [1, 15, 16, 17, 33]) func loopsReachEveryNumber(_ count: Int) {
    let a = smallIntegers(count, seed: 1)
    let b = smallIntegers(count, seed: 2)
    var result = b
    unsafe specgan_add(a, count, &result)
    #expect(result == zip(a, b).map { $0 + $1 })
    unsafe specgan_scale(a, 3, count, &result)
    #expect(result == a.map { 3 * $0 })
    result = a
    unsafe specgan_interpolate(&result, b, 0.5, count)
    #expect(result == zip(a, b).map { $0 + 0.5 * ($1 - $0) })
    #expect(unsafe specgan_sum_of_squares(a, count) == Double(a.reduce(0) { $0 + $1 * $1 }))
    var sums = [Double](repeating: 1, count: count)
    unsafe specgan_add_columns(a + b, 2, count, count, &sums)
    #expect(sums == zip(a, b).map { Double(1 + $0 + $1) })
    var last = [0.0, 5]
    unsafe specgan_add_columns(Array((a + b)[(count - 1)...]), 2, count, 1, &last)
    #expect(last == [Double((a.last ?? 0) + (b.last ?? 0)), 5])
  }

  @Test(arguments: [1, 3, 16, 33], [1, 2, 15, 40])
  func transposingExchangesRowsAndColumns(_ rows: Int, _ columns: Int) {
    let source = randomNumbers(rows * 50, seed: 1)
    var target = [Float](repeating: 7, count: columns * 40)
    unsafe specgan_transpose(source, 50, rows, columns, &target, 40)
    for row in 0..<40 {
      for column in 0..<columns {
        let expected = row < rows ? source[row * 50 + column] : 7
        #expect(target[column * 40 + row] == expected)
      }
    }
  }
}
