import CSpecGANKernels
import SpecGANTestSupport
import Testing

/// Every function that has code for each kind of CPU. All threads of a process use the same kind,
/// so each test has a process of its own.
@Suite struct ProcessorsTests {
  /// On a CPU without AVX-512, and without AVX2, this compares less.
  @Test func theWidestVectorsHaveTheBitsOfAVX2() async {
    await #expect(processExitsWith: .success) {
      guard specgan_this_processor() == specgan_avx512 else { return }
      for kernel in Kernel.all {
        for count in Kernel.counts {
          let narrow = kernel.memory(after: count, on: specgan_avx2)
          let wide = kernel.memory(after: count, on: specgan_avx512)
          #expect(narrow.bits == wide.bits, "\(kernel.name), \(count)")
        }
      }
    }
  }

  /// Only a fused multiply-add makes a difference. A sum has at most 130 terms, each of them
  /// rounded to 2⁻²⁴ of the largest; cancellation in these numbers costs less than three bits.
  @Test func plainCodeDiffersByRoundingAndOnlyWithFusedTerms() async {
    await #expect(processExitsWith: .success) {
      guard specgan_this_processor() != specgan_any_processor else { return }
      var differing: Set<String> = []
      for kernel in Kernel.all {
        for count in Kernel.counts {
          let plain = kernel.memory(after: count, on: specgan_any_processor)
          let fused = kernel.memory(after: count, on: specgan_avx2)
          #expect(
            kernel.isFused ? plain.isClose(to: fused, 0x1p-14) : plain.bits == fused.bits,
            "\(kernel.name), \(count)")
          if plain.bits != fused.bits { differing.insert(kernel.name) }
        }
      }
      #expect(differing.contains("interpolate"), "the kind in use has no effect")
    }
  }

  @Test func theKindInUseIsAtMostTheCPUs() async {
    #expect(specgan_used_processor() == specgan_this_processor())
    await #expect(processExitsWith: .success) {
      specgan_use_processor(specgan_any_processor)
      #expect(specgan_used_processor() == specgan_any_processor)
    }
    await #expect(processExitsWith: .failure) {
      specgan_use_processor(specgan_processor(specgan_this_processor().rawValue + 1))
    }
  }
}
