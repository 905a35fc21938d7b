import CKernels
import Foundation
import TestSupport
import Testing

@Suite struct ElementwiseTests {
  /// Every 997th float that is a normal number, and what is none.
  @Test func theHyperbolicTangentIsWithinTwoUnitsInTheLastPlace() {
    var worst = 0.0
    for bits in stride(
      from: Float.leastNormalMagnitude.bitPattern, to: Float(100).bitPattern, by: 997)
    {
      let x = Float(bitPattern: bits)
      for x in [x, -x] {
        var y = x
        unsafe specgan_tanh(&y, 1, [0], 1)
        let exact = tanh(Double(x))
        worst = max(worst, abs(Double(y) - exact) / Double(Float(exact).ulp))
      }
    }
    #expect(worst < 2)
    var special: [Float] = [0, -0.0, .infinity, -.infinity, .nan]
    unsafe specgan_tanh(&special, 5, [-0.0], 1)
    #expect(special[0].sign == .plus && special[1].sign == .minus)
    #expect(special[0..<4] == [0, 0, 1, -1] && special[4].isNaN)
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
