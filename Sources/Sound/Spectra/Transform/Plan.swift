internal import CSpecGANFFTW
internal import Synchronization

/// One of FFTW's plans: a transform between two buffers, which must outlive it.
@safe struct Plan: ~Copyable {
  private let handle: fftwf_plan

  /// FFTW's planner is the process's one mutable global state, and not safe from several threads.
  private static let planner = Mutex(())

  /// The plan that `make` asks FFTW for, or nil where FFTW refuses.
  init?(_ make: () -> fftwf_plan?) {
    var made: fftwf_plan?
    Self.planner.withLock { _ in unsafe made = make() }
    guard let made = unsafe made else { return nil }
    unsafe handle = made
  }

  deinit { Self.planner.withLock { _ in unsafe fftwf_destroy_plan(handle) } }

  func execute() { unsafe fftwf_execute(handle) }
}

extension Plan {
  /// The sizes of a batch of complex transforms that lie one after the other.
  struct Geometry {
    let length: Int
    let batch: Int
  }

  /// From `[batch, length]` complex numbers to as many; destroys those it reads.
  ///
  /// Nothing is scaled in either direction.
  static func transform(
    _ geometry: Geometry, isForward: Bool, from source: UnsafeMutablePointer<fftwf_complex>,
    to target: UnsafeMutablePointer<fftwf_complex>
  ) -> Plan? {
    var length = Int32(geometry.length)
    let sign = isForward ? FFTW_FORWARD : FFTW_BACKWARD
    let flags = UInt32(FFTW_ESTIMATE | FFTW_DESTROY_INPUT)
    return unsafe Plan {
      unsafe fftwf_plan_many_dft(
        1, &length, Int32(geometry.batch), source, nil, 1, length, target, nil, 1, length, sign,
        flags)
    }
  }
}

extension AlignedBuffer {
  /// Where it begins, for FFTW: `Complex<Float>` has the layout of `fftwf_complex`, by
  /// swift-numerics' documentation, and so have two `Float`s.
  @unsafe var complexAddress: UnsafeMutablePointer<fftwf_complex> {
    unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: fftwf_complex.self)
  }
}
