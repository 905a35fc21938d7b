internal import Foundation

/// A block of float32 in memory with a shape, row-major: a place that passes write into.
///
/// It is a reference: memory is planned once per run and every pass says where its result goes. The
/// memory is aligned to 64 bytes and starts as zeros.
@safe public final class Tensor: @unchecked Sendable {  // passes write disjoint parts
  /// The length of each axis, the slowest first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  /// The first element.
  package let start: UnsafeMutablePointer<Float>

  /// A tensor of zeros.
  ///
  /// - Precondition: no axis is negative.
  public init(shape: [Int]) {
    precondition(shape.allSatisfy { $0 >= 0 }, "shape (=\(shape)) must not be negative")
    self.shape = shape
    count = shape.reduce(1, *)
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64)
    unsafe start = bytes.initializeMemory(as: Float.self, repeating: 0, count: max(count, 1))
  }

  /// A tensor of `values`, in row-major order.
  ///
  /// - Precondition: there are as many as the shape says.
  public convenience init(shape: [Int], _ values: [Float]) {
    self.init(shape: shape)
    precondition(values.count == count, "\(values.count) values do not fill the shape \(shape)")
    withMutableSpan { span in
      for index in values.indices { span[index] = values[index] }
    }
  }

  /// The tensors one after the other along the first axis.
  ///
  /// - Precondition: there is at least one, and they differ along the first axis alone.
  public convenience init(joining tensors: [Tensor]) {
    self.init(shape: [tensors.reduce(0) { $0 + $1.shape[0] }] + tensors[0].shape.dropFirst())
    var place = 0
    for tensor in tensors {
      copy(0..<tensor.shape[0], of: tensor, to: place)
      place += tensor.shape[0]
    }
  }

  deinit { unsafe start.deallocate() }

  /// The elements of one index of the first axis.
  public var stride: Int { shape.isEmpty ? 1 : count / max(shape[0], 1) }

  /// A copy of the elements, in row-major order.
  public var values: [Float] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Calls `body` with the elements.
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeBufferPointer(start: start, count: count).span)
  }

  /// Calls `body` with the elements, to be written.
  public func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe UnsafeMutableBufferPointer(start: start, count: count).mutableSpan
    return try body(&span)
  }

  /// Calls `body` with the elements of `examples`, indices of the first axis.
  public func withExamples<Result, Failure: Error>(
    _ examples: Range<Int>, _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe UnsafeBufferPointer(elements(of: examples)).span)
  }

  /// Calls `body` with the elements of `examples`, indices of the first axis, to be written.
  ///
  /// Threads may do so at once for examples that do not overlap.
  public func withMutableExamples<Result, Failure: Error>(
    _ examples: Range<Int>, _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe elements(of: examples).mutableSpan
    return try body(&span)
  }

  private func elements(of examples: Range<Int>) -> UnsafeMutableBufferPointer<Float> {
    precondition(
      examples.lowerBound >= 0 && examples.upperBound * stride <= count,
      "examples \(examples) are not in \(shape)")
    return unsafe UnsafeMutableBufferPointer(
      start: start + examples.lowerBound * stride, count: examples.count * stride)
  }

  /// Makes every element `value`.
  public func fill(_ value: Float) { unsafe start.update(repeating: value, count: count) }

  /// Copies `examples` of `source` along the first axis to this tensor, from index `first` on.
  ///
  /// - Precondition: one index of the first axis has as many elements in both, and there is room.
  public func copy(_ examples: Range<Int>, of source: Tensor, to first: Int) {
    precondition(
      stride == source.stride && examples.upperBound <= source.shape[0]
        && first + examples.count <= shape[0],
      "examples \(examples) of \(source.shape) do not fit at \(first) of \(shape)")
    unsafe (start + first * stride).update(
      from: source.start + examples.lowerBound * stride, count: examples.count * stride)
  }

  /// A part of this tensor with a shape of its own.
  public func slice(offset: Int, shape: [Int]) -> TensorSlice {
    TensorSlice(tensor: self, offset: offset, shape: shape)
  }
}

/// A contiguous part of a tensor with a shape of its own, such as one layer's weights among all.
@safe public struct TensorSlice: Sendable {
  /// The tensor it is a part of.
  public let tensor: Tensor
  /// The index of its first element there.
  public let offset: Int
  /// The length of each axis, the slowest first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int

  init(tensor: Tensor, offset: Int, shape: [Int]) {
    self.tensor = tensor
    self.offset = offset
    self.shape = shape
    count = shape.reduce(1, *)
    precondition(
      offset >= 0 && offset + count <= tensor.count,
      "\(count) elements at \(offset) are not inside a tensor of \(tensor.count)")
  }

  /// The first element.
  package var start: UnsafeMutablePointer<Float> { unsafe tensor.start + offset }

  /// A copy of the elements, in row-major order.
  public var values: [Float] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Calls `body` with the elements.
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeBufferPointer(start: start, count: count).span)
  }

  /// Calls `body` with the elements, to be written.
  public func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe UnsafeMutableBufferPointer(start: start, count: count).mutableSpan
    return try body(&span)
  }
}
