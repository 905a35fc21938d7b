internal import Foundation

/// A block of float32 in memory with a shape, row-major: a place that passes write into.
///
/// It is a reference: memory is planned once per run and every pass says where its result goes. The
/// memory is aligned to 64 bytes and starts as zeros; parts of a tensor are tensors that share it.
@safe public final class Tensor: @unchecked Sendable {  // passes write disjoint parts
  /// The length of each axis, the slowest first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  /// The first element.
  package let start: UnsafeMutablePointer<Float>
  /// Whose memory this is a part of; nil where it is its own.
  private let owner: Tensor?

  /// A tensor of zeros.
  ///
  /// - Precondition: no axis is negative.
  public init(shape: [Int]) {
    precondition(shape.allSatisfy { $0 >= 0 }, "shape (=\(shape)) must not be negative")
    self.shape = shape
    count = shape.reduce(1, *)
    owner = nil
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

  private init(sharing owner: Tensor, offset: Int, shape: [Int]) {
    self.shape = shape
    count = shape.reduce(1, *)
    precondition(
      offset >= 0 && offset + count <= owner.count,
      "\(count) elements at \(offset) are not inside a tensor of \(owner.count)")
    self.owner = owner
    unsafe start = owner.start + offset
  }

  deinit {
    if owner == nil { unsafe start.deallocate() }
  }

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

  /// The elements from index `offset` on that fill `shape`, such as one layer's weights among all; the
  /// memory is shared.
  ///
  /// - Precondition: there are as many.
  public func part(offset: Int, shape: [Int]) -> Tensor {
    Tensor(sharing: self, offset: offset, shape: shape)
  }

  /// The part at indices `range` of the first axis; the memory is shared.
  ///
  /// Threads may write at once to examples that do not overlap.
  /// - Precondition: there are such.
  public func examples(_ range: Range<Int>) -> Tensor {
    part(offset: range.lowerBound * stride, shape: [range.count] + shape.dropFirst())
  }
}
