internal import SpecGANErrors

/// A window onto elements of a ``Tensor``, with its own shape. Passes read and write through it.
///
/// It is a value that refers to memory, like a buffer pointer: a write through the window changes
/// the tensor, and is visible through every window onto the same elements. The window keeps its
/// tensor alive. Creating one allocates nothing, so that a pass can create one for each example and
/// layer.
///
/// ```swift
/// let pictures = Tensor(shape: [16, 28, 28])
/// let last = pictures.examples(15..<16)
/// last.fill(1)  // changes `pictures`
/// ```
@safe public struct TensorView: @unchecked Sendable {  // passes write disjoint parts
  /// The tensor that owns the memory.
  private let owner: Tensor
  /// The first element.
  package let start: UnsafeMutablePointer<Float>
  /// The length of the first axis.
  package let length: Int
  /// The number of elements per index of the first axis.
  package let stride: Int
  /// The shape, except that the length of its first axis is ``length``. It is always an array that
  /// exists already, because a new one would allocate memory.
  private let template: [Int]

  /// Creates a window onto the elements of `owner` from index `offset` on that fill `shape`.
  ///
  /// - Precondition: `owner` has these elements.
  init(onto owner: Tensor, offset: Int, shape: [Int]) {
    let stride = Tensor.stride(of: shape)
    let length = shape.first ?? 1
    require(
      offset >= 0 && length >= 0 && offset + length * stride <= owner.count,
      "\(length * stride) elements at \(offset) are not inside a tensor of \(owner.count)")
    self.owner = owner
    self.length = length
    self.stride = stride
    template = shape
    unsafe start = owner.start + offset
  }

  /// Creates a window onto the `count` elements of `owner` from index `offset` on, along one axis.
  ///
  /// - Precondition: `owner` has these elements.
  init(onto owner: Tensor, offset: Int, count: Int) {
    require(
      offset >= 0 && count >= 0 && offset + count <= owner.count,
      "\(count) elements at \(offset) are not inside a tensor of \(owner.count)")
    self.owner = owner
    length = count
    stride = 1
    template = Self.oneAxis
    unsafe start = owner.start + offset
  }

  /// The ``template`` of all windows with one axis.
  private static let oneAxis = [0]

  private init(_ whole: TensorView, _ range: Range<Int>) {
    owner = whole.owner
    length = range.count
    stride = whole.stride
    template = whole.template
    unsafe start = whole.start + range.lowerBound * whole.stride
  }

  /// The length of each axis, the slowest-varying first.
  public var shape: [Int] { template.isEmpty ? [] : [length] + template.dropFirst() }

  /// The number of elements.
  public var count: Int { length * stride }

  /// Returns the window onto indices `range` of the first axis.
  ///
  /// Several threads may write at once to examples that do not overlap.
  /// - Precondition: The indices exist.
  public func examples(_ range: Range<Int>) -> TensorView {
    require(
      range.lowerBound >= 0 && range.upperBound <= length,
      "examples \(range) are not among \(length)")
    return TensorView(self, range)
  }

  /// A copy of the elements, in row-major order.
  public var values: [Float] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

  /// Calls `body` with the elements.
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(UnsafeBufferPointer(start: start, count: count).span)
  }

  /// Calls `body` with the elements for writing.
  public func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe UnsafeMutableBufferPointer(start: start, count: count).mutableSpan
    return try body(&span)
  }

  /// Sets every element to `value`.
  public func fill(_ value: Float) { unsafe start.update(repeating: value, count: count) }

  /// Copies `examples` of `source` along the first axis to this window, from index `first` on.
  ///
  /// - Precondition: Both have the same number of elements per index of the first axis, and the
  ///   examples fit.
  public func copy(_ examples: Range<Int>, of source: TensorView, to first: Int) {
    require(
      stride == source.stride && examples.lowerBound >= 0 && examples.upperBound <= source.length
        && first >= 0 && first + examples.count <= length,
      "examples \(examples) of \(source.shape) do not fit at \(first) of \(shape)")
    unsafe (start + first * stride).update(
      from: source.start + examples.lowerBound * stride, count: examples.count * stride)
  }
}

extension Span<Float> {
  /// Whether all elements are finite.
  package var isFinite: Bool {
    for index in indices where !self[index].isFinite { return false }
    return true
  }
}
