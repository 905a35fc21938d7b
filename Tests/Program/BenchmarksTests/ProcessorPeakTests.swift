import CSpecGANKernels
import SpecGANBenchmarks
import SpecGANTestSupport
import Testing

@Suite struct ProcessorPeakTests {
  /// Small integers are exact in float32, with one rounding or with two.
  @Test(
    arguments: [specgan_any_processor, specgan_avx2, specgan_avx512].map(\.rawValue)
      .filter { $0 <= specgan_this_processor().rawValue }, [0, 1, 2, 7])
  func everyProcessorDoesEveryMultiplyAdd(_ processor: UInt32, rounds: Int) {
    let start = smallIntegers(Int(specgan_peak_values) + 1, seed: 1)
    var values = start
    unsafe specgan_multiply_add(specgan_processor(processor), &values, 2, 3, rounds)
    var expected = start
    for index in expected.indices.dropLast() {
      for _ in 0..<rounds { expected[index] = 2 * expected[index] + 3 }
    }
    #expect(values == expected)
  }

  @Test func thePeakIsPositiveAndFinite() {
    let peak = ProcessorPeak.gigaflops(bestOf: 3)
    #expect(peak > 1 && peak < 1000)
    #expect(ProcessorPeak.gigaflops(bestOf: 0) == 0)
  }
}
