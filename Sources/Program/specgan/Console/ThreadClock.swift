import Foundation

/// The CPU time of the calling thread.
enum ThreadClock {
  /// The CPU seconds of the calling thread so far.
  static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
