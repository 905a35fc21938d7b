internal import CSpecGANFFTW
internal import Synchronization

/// A plan of FFTW: a transform between two buffers, which must outlive it.
@safe struct Plan: ~Copyable {
  private let handle: fftwf_plan

  /// The lock of FFTW's planner, whose global state is not thread-safe.
  private static let planner = Mutex(())

  /// Creates the plan that `make` returns; nil if FFTW has none.
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
  /// The sizes of a batch of contiguous complex transforms.
  struct Geometry {
    let length: Int
    let batch: Int
  }

  /// Plans a transform of `source`, `[batch, length]` complex numbers, which overwrites it.
  ///
  /// Neither direction scales.
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
  /// The address for FFTW. By swift-numerics' documentation, `Complex<Float>` has the layout of
  /// `fftwf_complex`; two `Float`s have it too.
  @unsafe var complexAddress: UnsafeMutablePointer<fftwf_complex> {
    unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: fftwf_complex.self)
  }
}

extension STFT {
  /// The name and version of the library that computes transforms.
  package static var libraryVersion: String { unsafe String(cString: specgan_fftwf_version()) }
}
