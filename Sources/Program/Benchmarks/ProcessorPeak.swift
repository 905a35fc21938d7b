internal import CSpecGANKernels
internal import SpecGANWorkers

/// The processor's peak: the most floating-point operations per second that one core can do.
package enum ProcessorPeak {
  private static let rounds = 1 << 20

  /// The peak in GFLOP/s: the best of `count` runs of a multiply-add loop that stays in registers,
  /// with the vectors in use, on the calling thread.
  ///
  /// A run takes some milliseconds. Its time is the thread's CPU time, so that other programs
  /// matter little. A multiply-add counts as two operations. Plain processors need two instructions
  /// for it, and have a lower peak for that reason.
  package static func gigaflops(bestOf count: Int) -> Double {
    let operations = 2 * Int(specgan_peak_values) * rounds
    var values = [Float](repeating: 1, count: Int(specgan_peak_values))
    let seconds = (0..<count).map { _ in
      let start = threadSeconds
      unsafe specgan_multiply_add(specgan_used_processor(), &values, 0.5, 0.5, rounds)
      return threadSeconds - start
    }
    return Double(operations) / (seconds.min() ?? .infinity) / 1e9
  }
}
