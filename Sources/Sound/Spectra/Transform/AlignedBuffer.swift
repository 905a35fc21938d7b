internal import CSpecGANFFTW
internal import SpecGANErrors

/// A buffer with the alignment that FFTW's vector code needs, freed with its owner.
///
/// Source: FFTW 3.3.10 manual, "SIMD alignment and fftw_malloc".
@safe struct AlignedBuffer<Element>: ~Copyable {
  let count: Int
  private let base: UnsafeMutablePointer<Element>

  /// Allocates `count` elements, each equal to `element`.
  ///
  /// - Throws: ``SpecGANError`` if there is not enough memory.
  init(repeating element: Element, count: Int) throws(SpecGANError) {
    let byteCount = count * MemoryLayout<Element>.stride
    guard let memory = unsafe fftwf_malloc(byteCount) else {
      throw .outOfMemory(byteCount: byteCount)
    }
    self.count = count
    unsafe base = memory.bindMemory(to: Element.self, capacity: count)
    unsafe base.initialize(repeating: element, count: count)
  }

  deinit { unsafe fftwf_free(base) }

  /// The address of the first element; valid as long as the buffer lives.
  @unsafe var address: UnsafeMutablePointer<Element> { unsafe base }

  func withSpan<Result>(_ body: (Span<Element>) -> Result) -> Result {
    unsafe body(Span(_unsafeStart: base, count: count))
  }

  mutating func withMutableSpan<Result>(_ body: (inout MutableSpan<Element>) -> Result) -> Result {
    var span = unsafe MutableSpan(_unsafeStart: base, count: count)
    return body(&span)
  }
}
