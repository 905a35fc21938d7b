internal import CFFTW
internal import ComplexModule
internal import RealModule
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
  /// The sizes of a batch of real transforms that lie one after the other.
  struct Geometry {
    let length: Int
    let batch: Int
  }

  private static let flags = UInt32(FFTW_ESTIMATE | FFTW_DESTROY_INPUT)

  /// From `[batch, length]` samples to `[batch, length / 2 + 1]` bins; destroys the samples.
  static func forward(
    _ geometry: Geometry, _ samples: borrowing AlignedBuffer<Float>,
    _ bins: borrowing AlignedBuffer<Complex<Float>>
  ) -> Plan? {
    let (samples, bins) = unsafe (samples.address, Self.address(bins))
    var length = Int32(geometry.length)
    return unsafe Plan {
      unsafe fftwf_plan_many_dft_r2c(
        1, &length, Int32(geometry.batch), samples, nil, 1, length, bins, nil, 1, length / 2 + 1,
        flags)
    }
  }

  /// From `[batch, length / 2 + 1]` bins to `[batch, length]` samples; destroys the bins.
  static func inverse(
    _ geometry: Geometry, _ bins: borrowing AlignedBuffer<Complex<Float>>,
    _ samples: borrowing AlignedBuffer<Float>
  ) -> Plan? {
    let (samples, bins) = unsafe (samples.address, Self.address(bins))
    var length = Int32(geometry.length)
    return unsafe Plan {
      unsafe fftwf_plan_many_dft_c2r(
        1, &length, Int32(geometry.batch), bins, nil, 1, length / 2 + 1, samples, nil, 1, length,
        flags)
    }
  }

  /// `Complex<Float>` has the memory layout of `fftwf_complex`, by swift-numerics' documentation.
  @unsafe private static func address(
    _ bins: borrowing AlignedBuffer<Complex<Float>>
  ) -> UnsafeMutablePointer<fftwf_complex> {
    unsafe UnsafeMutableRawPointer(bins.address).assumingMemoryBound(to: fftwf_complex.self)
  }
}
