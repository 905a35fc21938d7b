internal import Foundation
internal import SpecGANErrors

/// A block of 32-bit floating-point values with a shape, in row-major order.
///
/// It owns its memory, which is aligned to 64 bytes and initially zero. It is a reference: memory
/// is planned once per run, and every pass is given the memory of its result. Passes read and write
/// through a ``TensorView``, a window onto all of a tensor (``view``) or a part of it.
@safe public final class Tensor: @unchecked Sendable {  // passes write disjoint parts
  /// The length of each axis, the slowest-varying first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  /// The first element.
  package let start: UnsafeMutablePointer<Float>
  /// The memory, which begins up to one alignment before the first element.
  private let memory: UnsafeMutableRawPointer

  private static let alignment = 64

  /// Creates a tensor of zeros.
  ///
  /// - Precondition: No length is negative.
  public init(shape: [Int]) {
    require(shape.allSatisfy { $0 >= 0 }, "shape (=\(shape)) must not be negative")
    self.shape = shape
    count = shape.reduce(1, *)
    let elements = max(count, 1)
    let byteCount = elements * MemoryLayout<Float>.stride + Self.alignment
    // The system maps the pages of a large block at their first use.
    guard let bytes = unsafe calloc(byteCount, 1) else {
      trap("\(byteCount) bytes of memory for the shape \(shape) cannot be allocated")
    }
    unsafe memory = bytes
    unsafe start = bytes.alignedUp(toMultipleOf: Self.alignment)
      .bindMemory(to: Float.self, capacity: elements)
  }

  /// Creates a tensor of `values`, in row-major order.
  ///
  /// - Precondition: `values` fill `shape` exactly.
  public convenience init(shape: [Int], _ values: [Float]) {
    self.init(shape: shape)
    require(values.count == count, "\(values.count) values do not fill the shape \(shape)")
    withMutableSpan { span in
      for index in values.indices { span[index] = values[index] }
    }
  }

  /// Creates a tensor with a copy of the elements of `view`.
  package convenience init(copying view: TensorView) {
    self.init(joining: [view])
  }

  /// Creates a tensor with copies of the windows' elements, concatenated along the first axis.
  ///
  /// - Precondition: There is at least one window, and their shapes differ in the first axis only.
  package convenience init(joining views: [TensorView]) {
    self.init(shape: [views.reduce(0) { $0 + $1.length }] + views[0].shape.dropFirst())
    var first = 0
    for source in views {
      copy(0..<source.length, of: source, to: first)
      first += source.length
    }
  }

  deinit { unsafe free(memory) }

  /// The number of elements per index of the first axis.
  package var stride: Int { Self.stride(of: shape) }

  static func stride(of shape: [Int]) -> Int { shape.dropFirst().reduce(1, *) }
}

// MARK: - Windows

extension Tensor {
  /// The window onto all elements.
  public var view: TensorView { part(offset: 0, shape: shape) }

  /// Returns the window onto the elements from index `offset` on that fill `shape`, such as one
  /// layer's weights.
  ///
  /// - Precondition: The tensor has these elements.
  package func part(offset: Int, shape: [Int]) -> TensorView {
    TensorView(onto: self, offset: offset, shape: shape)
  }

  /// Returns the window onto the `count` elements from index `offset` on, along one axis.
  ///
  /// - Precondition: The tensor has these elements.
  package func part(offset: Int, count: Int) -> TensorView {
    TensorView(onto: self, offset: offset, count: count)
  }

  /// Returns the window onto indices `range` of the first axis.
  ///
  /// Several threads may write at once to examples that do not overlap.
  /// - Precondition: The indices exist.
  public func examples(_ range: Range<Int>) -> TensorView { view.examples(range) }
}

// MARK: - Elements

extension Tensor {
  /// A copy of the elements, in row-major order.
  public var values: [Float] { view.values }

  /// Calls `body` with the elements.
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try view.withSpan(body)
  }

  /// Calls `body` with the elements for writing.
  public func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try view.withMutableSpan(body)
  }

  /// Sets every element to `value`.
  public func fill(_ value: Float) { view.fill(value) }

  /// Copies `examples` of `source` along the first axis to this tensor, from index `first` on.
  ///
  /// - Precondition: Both have the same number of elements per index of the first axis, and the
  ///   examples fit.
  public func copy(_ examples: Range<Int>, of source: TensorView, to first: Int) {
    view.copy(examples, of: source, to: first)
  }
}
