import CSpecGANKernels
import SpecGANTestSupport
import Testing

/// The kinds of CPU whose products this CPU can compute.
private let processors = [specgan_any_processor, specgan_avx2, specgan_avx512]
  .filter { $0.rawValue <= specgan_this_processor().rawValue }

@Suite struct ProductsTests {
  /// Small integers are exact in float32, so every processor's sums equal the definition's.
  @Test(arguments: processors.map(\.rawValue), 1...15)
  func everyProcessorsSumsAreTheDefinitions(_ processor: UInt32, rows: Int) {
    let terms = specgan_terms(
      outer: .init(count: 2, stride: 400), middle: .init(count: 3, stride: 70),
      inner: .init(count: 5, stride: 7))
    for columns in [1, 3, 16, 17, 32, 40, 48, 63, 64] {
      let stride = (columns + 15) / 16 * 16
      let a = smallIntegers(2000, seed: 1)
      let panel = smallIntegers(30 * stride, seed: 2)
      let offsets = (0..<rows).map { ($0 * 37) % 60 }
      let places = (0..<rows).map { $0 * 70 }
      var expected = smallIntegers(rows * 70, seed: 3)
      var c = expected
      for isAccumulating in [false, true] {
        for row in 0..<rows {
          for column in 0..<columns {
            var sum: Float = 0
            for term in 0..<30 {
              let place = term / 15 * 400 + term / 5 % 3 * 70 + term % 5 * 7
              sum += a[offsets[row] + place] * panel[term * stride + column]
            }
            let index = row * 70 + column
            expected[index] = isAccumulating ? expected[index] + sum : sum
          }
        }
        unsafe specgan_products(
          specgan_processor(processor), a, offsets, &c, places, rows, terms, panel, columns,
          isAccumulating)
        #expect(c == expected, "\(columns) columns")
      }
    }
  }

  @Test func aSumOfNothingIsZero() {
    let nothing = specgan_terms(
      outer: .init(count: 1, stride: 0), middle: .init(count: 1, stride: 0),
      inner: .init(count: 0, stride: 1))
    var c: [Float] = [1, 2, 3]
    unsafe specgan_products(
      specgan_this_processor(), [9], [0], &c, [0], 1, nothing, [9], 2, false)
    #expect(c == [0, 0, 3])
  }
}
