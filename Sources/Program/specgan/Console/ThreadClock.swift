import Foundation

/// What the calling thread has cost.
enum ThreadClock {
  /// Seconds of processor time that the calling thread has taken so far.
  static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
