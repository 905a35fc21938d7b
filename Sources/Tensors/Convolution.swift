/// The three products of a convolution `y = K ∗ x`: `y` from `x`, `x̄ = Kᵀȳ`, and `K̄ += x ⊗ ȳ`.
///
/// Each is im2col in blocks that fit the cache and one matrix product a block, on the calling thread,
/// for a range of examples; callers share ranges out. A transposed convolution is the second product.
/// Written to memory are only the outputs of the range's own examples, so ranges may run at once.
public struct Convolution: Equatable, Sendable {
  /// The sizes.
  public let geometry: ConvolutionGeometry
  /// Rows of an im2col block: as many as keep it near the second-level cache, but enough to be worth
  /// the product's own packing of the kernel.
  let blockRows: Int

  /// The products for `geometry`.
  public init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let cached = Self.blockElements / geometry.receptiveField
    blockRows = min(max(cached, Self.leastBlockRows), Self.mostBlockRows)
  }

  private static let blockElements = 1 << 18
  private static let leastBlockRows = 256
  private static let mostBlockRows = 4096

  /// Elements of scratch memory that a call needs.
  public var scratchCount: Int { blockRows * geometry.receptiveField }

  /// Examples that make one call worth its overhead; it depends on the problem alone, so results do.
  public var examplesPerTask: Int {
    (Self.leastBlockRows + geometry.positions - 1) / geometry.positions
  }

  /// `y = K ∗ x` for `examples`.
  ///
  /// - Parameters:
  ///   - kernel: `[height, width, inputChannels, outputChannels]`.
  ///   - x: `[batch, height, width, inputChannels]`.
  ///   - y: `[batch, height', width', outputChannels]`; overwritten.
  ///   - examples: which of the batch.
  ///   - scratch: at least ``scratchCount`` elements of any content, nobody else's meanwhile.
  public func apply(
    _ kernel: TensorSlice, to x: Tensor, into y: Tensor, examples: Range<Int>, scratch: Tensor
  ) {
    check(kernel, x, y, examples, scratch)
    let columns = geometry.outputChannels
    let inner = geometry.receptiveField
    forEachBlock(of: examples) { rows in
      unsafe gather(x.start, rows: rows, columns: 0..<inner, into: scratch.start)
      unsafe multiply(
        MatrixView(start: scratch.start, rowStride: inner),
        MatrixView(start: kernel.start, rowStride: columns),
        into: MatrixView(start: y.start + rows.lowerBound * columns, rowStride: columns),
        rows: rows.count, columns: columns, inner: inner)
    }
  }

  /// `x = Kᵀ y` for `examples`: the gradient towards the input, and the transposed convolution.
  ///
  /// Shapes as in ``apply(_:to:into:examples:scratch:)``; `x` is overwritten.
  public func applyTransposed(
    _ kernel: TensorSlice, to y: Tensor, into x: Tensor, examples: Range<Int>, scratch: Tensor
  ) {
    check(kernel, x, y, examples, scratch)
    let inner = geometry.outputChannels
    let columns = geometry.receptiveField
    unsafe (x.start + examples.lowerBound * geometry.inputCount)
      .update(repeating: 0, count: examples.count * geometry.inputCount)
    forEachBlock(of: examples) { rows in
      unsafe multiply(
        MatrixView(start: y.start + rows.lowerBound * inner, rowStride: inner),
        MatrixView(start: kernel.start, rowStride: inner).transposed,
        into: MatrixView(start: scratch.start, rowStride: columns),
        rows: rows.count, columns: columns, inner: inner)
      unsafe scatter(scratch.start, rows: rows, into: x.start)
    }
  }

  /// Adds to rows `tile` of the kernel's gradient what `examples` give: `K̄ += x ⊗ ȳ`, or `K̄ = x ⊗ ȳ`.
  ///
  /// - Parameters:
  ///   - x: the inputs.
  ///   - y: what came back to the outputs.
  ///   - gradient: as the kernel, or a partial sum of its shape.
  ///   - tile: rows of the kernel as a matrix, within `0 ..< receptiveField`; the others stay.
  ///   - overwriting: whether what the tile held before is dropped.
  ///   - examples: which of the batch.
  ///   - scratch: at least ``scratchCount`` elements of any content, nobody else's meanwhile.
  public func accumulate(
    x: Tensor, y: Tensor, into gradient: TensorSlice, tile: Range<Int>, overwriting: Bool = false,
    examples: Range<Int>, scratch: Tensor
  ) {
    check(gradient, x, y, examples, scratch)
    let columns = geometry.outputChannels
    forEachBlock(of: examples) { rows in
      unsafe gather(x.start, rows: rows, columns: tile, into: scratch.start)
      unsafe multiply(
        MatrixView(start: scratch.start, rowStride: tile.count).transposed,
        MatrixView(start: y.start + rows.lowerBound * columns, rowStride: columns),
        into: MatrixView(
          start: gradient.start + tile.lowerBound * columns, rowStride: columns),
        rows: tile.count, columns: columns, inner: rows.count,
        accumulating: !overwriting || rows.lowerBound > examples.lowerBound * geometry.positions)
    }
  }

  /// Cuts the rows of `examples`, one a position, into blocks that fit the scratch memory.
  private func forEachBlock(of examples: Range<Int>, _ body: (Range<Int>) -> Void) {
    let end = examples.upperBound * geometry.positions
    var row = examples.lowerBound * geometry.positions
    while row < end {
      let next = min(row + blockRows, end)
      body(row..<next)
      row = next
    }
  }

  private func check(
    _ kernel: TensorSlice, _ x: Tensor, _ y: Tensor, _ examples: Range<Int>, _ scratch: Tensor
  ) {
    precondition(
      kernel.count == geometry.kernelCount,
      "the kernel has \(kernel.count) elements, not \(geometry.kernelCount)")
    precondition(
      examples.lowerBound >= 0 && examples.upperBound * geometry.inputCount <= x.count,
      "examples \(examples) of \(geometry.inputCount) elements are not in \(x.shape)")
    precondition(
      examples.upperBound * geometry.outputCount <= y.count,
      "examples \(examples) of \(geometry.outputCount) elements are not in \(y.shape)")
    precondition(
      scratch.count >= scratchCount, "scratch (=\(scratch.count)) must hold \(scratchCount)")
  }
}
