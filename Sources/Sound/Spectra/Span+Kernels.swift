internal import ComplexModule
internal import CSpecGANKernels
internal import RealModule
internal import SpecGANErrors

// The C kernels, for spans. Functions on several spans check that their sizes fit together; a
// caller of a function that gives the address of an element checks its index. By swift-numerics'
// documentation, `Complex<Float>` has the layout of C's complex numbers.

extension Span<Complex<Float>> {
  /// Calls `body` with the address of the first element; does nothing if the span is empty.
  func withNumbers(_ body: (UnsafePointer<specgan_complex>) -> Void) {
    unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe body(UnsafeRawPointer(base).assumingMemoryBound(to: specgan_complex.self))
    }
  }

  /// Writes the absolute values of all elements, each rounded once, to `magnitudes` from `first`
  /// on.
  func writeMagnitudes(to magnitudes: inout MutableSpan<Float>, from first: Int) {
    require(
      first >= 0 && first + count <= magnitudes.count,
      "\(count) magnitudes do not fit into \(magnitudes.count) from \(first) on")
    unsafe magnitudes.withAddress(of: first) { result in
      unsafe withNumbers { unsafe specgan_magnitudes($0, count, result) }
    }
  }
}

extension MutableSpan<Complex<Float>> {
  /// Calls `body` with the address of element `first`; does nothing if the span is empty.
  mutating func withNumbers(
    from first: Int, _ body: (UnsafeMutablePointer<specgan_complex>) -> Void
  ) {
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe body(
        UnsafeMutableRawPointer(base + first).assumingMemoryBound(to: specgan_complex.self))
    }
  }
}

extension AlignedBuffer where Element == Complex<Float> {
  @unsafe var mutableNumbers: UnsafeMutablePointer<specgan_complex> {
    unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: specgan_complex.self)
  }

  @unsafe var numbers: UnsafePointer<specgan_complex> { unsafe UnsafePointer(mutableNumbers) }
}

extension Span<Float> {
  /// Calls `body` with the address of the first element; does nothing if the span is empty.
  func withAddress(_ body: (UnsafePointer<Float>) -> Void) {
    unsafe withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe body(base)
    }
  }

  /// Returns, for each column, the sum of the differences from its center, or of their squares.
  /// There are as many columns as `centers`.
  func columnSums(about centers: [Double], squared: Bool) -> [Double] {
    require(
      count.isMultiple(of: centers.count), "\(count) elements are not rows of \(centers.count)")
    return unsafe [Double](unsafeUninitializedCapacity: centers.count) { sums, filled in
      unsafe withUnsafeBufferPointer { values in
        unsafe specgan_column_sums(
          values.baseAddress, centers, count / centers.count, centers.count, squared,
          sums.baseAddress)
      }
      filled = centers.count
    }
  }

  /// Returns the largest level `½ ln Σ exp(2x)` over the elements `x` of a row of `columns`.
  func largestRowLevel(columns: Int) -> Float {
    require(count.isMultiple(of: columns), "\(count) elements are not rows of \(columns)")
    var level = -Float.infinity
    unsafe withAddress {
      unsafe level = specgan_largest_row_level($0, count / columns, columns)
    }
    return level
  }

  /// The largest element; nil if one is negative, a negative zero, or not finite.
  var largestMagnitude: Float? {
    var bits: UInt32 = 0
    unsafe withAddress { unsafe bits = specgan_largest_bits($0, .max, count) }
    return bits < Float.infinity.bitPattern ? Float(bitPattern: bits) : nil
  }
}

extension MutableSpan<Float> {
  /// Calls `body` with the address of element `first`; does nothing if the span is empty.
  mutating func withAddress(of first: Int = 0, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    unsafe withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      unsafe body(base + first)
    }
  }

  /// Raises each element to the largest one of its column in `rows`, if that is larger.
  mutating func raise(toColumnsOf rows: Span<Float>) {
    let columns = count
    require(rows.count.isMultiple(of: columns), "\(rows.count) elements are not rows of \(columns)")
    unsafe withAddress { largest in
      unsafe rows.withAddress {
        unsafe specgan_raise_to_columns($0, rows.count / columns, columns, largest)
      }
    }
  }

  /// Replaces the elements from `start` on by the products of `source` and `window`.
  mutating func replace(from start: Int, with source: Span<Float>, times window: Span<Float>) {
    checkProducts(start, source.count, window.count)
    let count = source.count
    unsafe withAddress(of: start) { result in
      unsafe source.withAddress { source in
        unsafe window.withAddress { unsafe specgan_multiply(source, $0, count, result) }
      }
    }
  }

  /// Adds the products of `source` and `window` to the elements from `start` on.
  mutating func add(from start: Int, _ source: Span<Float>, times window: Span<Float>) {
    checkProducts(start, source.count, window.count)
    let count = source.count
    unsafe withAddress(of: start) { sums in
      unsafe source.withAddress { source in
        unsafe window.withAddress { unsafe specgan_add_products(source, $0, count, sums) }
      }
    }
  }

  /// Replaces each element `x` by `ln(x + floor)`.
  mutating func takeLogarithms(floor: Float) {
    let count = count
    unsafe withAddress { unsafe specgan_logarithms($0, floor, count) }
  }

  /// Replaces the elements by `ln(max(x, floor))` of the elements `x` of `source`.
  mutating func replaceAll(withLogarithmsOf source: Span<Float>, above floor: Float) {
    require(source.count == count, "\(source.count) logarithms do not fill \(count) elements")
    let count = count
    unsafe withAddress { result in
      unsafe source.withAddress { unsafe specgan_logarithms_above($0, floor, count, result) }
    }
  }

  private func checkProducts(_ start: Int, _ sources: Int, _ factors: Int) {
    require(
      sources == factors && start >= 0 && start + sources <= count,
      "\(sources) elements times \(factors) do not fit into \(count) from \(start) on")
  }
}
