internal import CSpecGANKernels
internal import SpecGANTensors

/// The product of one block of an example with a kernel, for the layers of attention.
///
/// The picture of the example is copied. The product is added to it if it is the target, and is
/// written to the target otherwise.
struct BlockProduct {
  /// A block of an example: rows of `columns` elements, one for each position.
  struct Block {
    /// The index of the first element in the example.
    let offset: Int
    /// The number of elements of a row.
    let columns: Int
  }

  let sizes: AttentionSizes
  let source: Block
  let target: Block
  /// Whether the kernel is `[target.columns, source.columns]`, not its transpose.
  let isTransposed: Bool

  /// Computes `target` of each example of the pass in `y` from `source` in `x`.
  ///
  /// - Parameters:
  ///   - x: the examples with the source.
  ///   - y: the examples with the target.
  ///   - pass: the pass.
  ///   - kernel: returns the kernel, which it writes to the start of scratch memory.
  func run(
    _ x: TensorView, into y: TensorView, _ pass: Pass,
    kernel: @Sendable (_ scratch: Tensor) -> UnsafeMutablePointer<Float>
  ) {
    let (terms, columns) = (source.columns, target.columns)
    pass.engine.requireScratch(each: terms * columns + specgan_packed_count(terms, columns))
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let (x, y) = (x.examples(example), y.examples(example))
      unsafe y.start.update(from: x.start, count: sizes.pictureCount)
      let panels = unsafe scratch.start + terms * columns
      unsafe specgan_pack(
        specgan_matrix(
          start: kernel(scratch), row_stride: isTransposed ? 1 : columns,
          column_stride: isTransposed ? terms : 1), terms, columns, panels)
      unsafe specgan_multiply_packed(
        specgan_matrix(start: x.start + source.offset, row_stride: terms, column_stride: 1),
        sizes.positions, terms, panels, columns, y.start + target.offset, columns,
        target.offset == 0)
    }
  }
}
