internal import CSpecGANKernels
package import SpecGANTensors
internal import SpecGANWorkers

/// The first of the layers of self-attention: the queries `x W_q`, keys `x W_k` and values `x W_v`
/// of every position, after a copy of the picture.
package struct AttentionProjections: PiecewiseLinear {
  /// The name in reports.
  package let name: String
  /// The sizes.
  package let sizes: AttentionSizes
  /// The layout entries of the kernels of queries, keys and values, `[channels, …]`.
  package let kernels: [ParameterLayout.Entry]

  /// Creates a layer whose parameters are appended to `layout` under `scope`, such as
  /// `D/attention`.
  package init(_ sizes: AttentionSizes, scope: String, in layout: inout ParameterLayout) {
    self.sizes = sizes
    name = scope + "/projections"
    kernels = [
      ("query", sizes.queryChannels), ("key", sizes.queryChannels), ("value", sizes.valueChannels),
    ].map { layout.append("\(scope)/\($0)/kernel", shape: [sizes.channels, $1]) }
  }

  /// `[height, width, channels]` of one example's picture.
  package var inputShape: [Int] { sizes.shape }
  /// The number of elements of one example's picture, queries, keys and values.
  package var outputShape: [Int] { [sizes.projectedCount] }
  /// The number of multiply-adds for one example's output.
  package var multiplyAdds: Int { sizes.pictureCount * sizes.projectedChannels }

  private var columns: Int { sizes.projectedChannels }
  /// The number of elements of scratch memory of a thread: the kernels side by side, and panels of
  /// them or of an example's projections.
  private var scratchCount: Int {
    let panels = [
      specgan_packed_count(sizes.channels, columns), specgan_packed_count(columns, sizes.channels),
      specgan_packed_count(sizes.positions, columns),
    ]
    return sizes.channels * columns + (panels.max() ?? 0)
  }

  /// The product of a pass forward, or backward with the transposed kernel.
  private func product(isTransposed: Bool) -> BlockProduct {
    let picture = BlockProduct.Block(offset: 0, columns: sizes.channels)
    let other = BlockProduct.Block(offset: sizes.pictureCount, columns: columns)
    let (x, y) = (picture, other)
    return BlockProduct(
      sizes: sizes, source: isTransposed ? y : x, target: isTransposed ? x : y,
      isTransposed: isTransposed)
  }

  /// Reserves scratch memory for the kernels and for the projections of one example on each thread,
  /// and for the sums of the gradient.
  package func reserveScratch(on engine: Engine) {
    engine.reserveScratch(
      each: scratchCount, shared: GradientPieces.count * sizes.channels * columns)
  }

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    unsafe product(isTransposed: false).run(x, into: y, pass) { unsafe merged(pass, $0) }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    unsafe product(isTransposed: true).run(yCotangent, into: xCotangent, pass) {
      unsafe merged(pass, $0)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forward(xTangent, into: yTangent, pass)
  }

  /// Adds `(∂y/∂θ)ᵀ·ȳ` to `θ̄`.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    let (rows, columns) = (sizes.channels, columns)
    let pieces = GradientPieces(of: rows * columns, pass)
    pass.engine.requireScratch(each: scratchCount)
    unsafe pieces.forEachExample { example, scratch, sums in
      unsafe specgan_pack(
        specgan_matrix(
          start: yCotangent.examples(example).start + sizes.pictureCount, row_stride: columns,
          column_stride: 1), sizes.positions, columns, scratch.start)
      unsafe specgan_multiply_packed(
        specgan_matrix(start: x.examples(example).start, row_stride: 1, column_stride: rows), rows,
        sizes.positions, scratch.start, columns, sums, columns, true)
    }
    pieces.withSum { sum in
      var first = 0
      for kernel in kernels {
        let width = kernel.shape[1]
        gradient[kernel].withMutableSpan { gradient in
          for index in gradient.indices {
            let (row, column) = index.quotientAndRemainder(dividingBy: width)
            gradient[index] += sum[row * columns + first + column]
          }
        }
        first += width
      }
    }
  }

  /// Returns the three kernels side by side, `[channels, columns]`, in scratch memory.
  private func merged(_ pass: Pass, _ scratch: Tensor) -> UnsafeMutablePointer<Float> {
    var first = 0
    for kernel in kernels {
      let width = kernel.shape[1]
      let source = unsafe pass.parameters[kernel].start
      for row in 0..<sizes.channels {
        unsafe (scratch.start + row * columns + first).update(
          from: source + row * width, count: width)
      }
      first += width
    }
    return unsafe scratch.start
  }
}
