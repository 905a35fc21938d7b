internal import SpecGANErrors
package import SpecGANTensors

/// The three products of a convolution `y = K ∗ x`: `y` from `x`, `x̄ = Kᵀȳ`, and `K̄ += x ⊗ ȳ`.
///
/// The second is the transposed convolution. Kernels of 5 × 5 with a stride of 2, and kernels along
/// one axis that span seven strides, such as 25 with a stride of 4, take half the multiplications
/// of the definition if there are enough channels and outputs. All others are computed by the
/// definition. The order of every sum depends only on the geometry and the examples, so that
/// results are the same, bit by bit, for any number of threads.
package struct Convolution: Sendable {
  /// The sizes.
  package let geometry: ConvolutionGeometry
  private let products: any ConvolutionProducts

  /// Creates the products for `geometry`.
  package init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    products = WinogradConvolution(geometry) ?? DirectConvolution(geometry)
  }

  /// Whether the products take half the multiplications of their definition.
  package var isMinimal: Bool { products is WinogradConvolution }

  /// A function of the caller for examples before or after a product, while they are in the cache,
  /// on any thread.
  package typealias Work = @Sendable (_ examples: Range<Int>) -> Void

  /// A ``Work`` with the thread's scratch memory, which the product no longer needs.
  typealias ScratchWork = @Sendable (_ examples: Range<Int>, _ scratch: Tensor) -> Void

  /// A function that returns the shift of an example's input before a convolution reads it.
  package typealias Shifts = @Sendable (_ example: Int) -> PictureShift

  /// The most values of padded pictures per task, if it has more than one picture.
  static let mostPadded = 1 << 21

  /// Reserves the scratch memory that the products need.
  package func reserveScratch(on engine: Engine) {
    engine.reserveScratch(each: products.scratchCount, shared: products.sharedScratchCount)
  }

  /// Computes `y = K ∗ S x` for `examples`.
  ///
  /// - Parameters:
  ///   - kernel: `[height, width, inputChannels, outputChannels]`.
  ///   - x: `[batch, height, width, inputChannels]`.
  ///   - y: `[batch, height', width', outputChannels]`; overwritten.
  ///   - examples: the examples of the batch.
  ///   - engine: the engine, with scratch memory from ``reserveScratch(on:)``.
  ///   - shifts: `S`; nil for none.
  ///   - before: called once for each example, before the product.
  ///   - after: called once for each example, after the product.
  package func apply(
    _ kernel: TensorView, to x: TensorView, into y: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Shifts? = nil, before: Work? = nil, after: Work? = nil
  ) {
    check(kernel, x, y, examples, engine)
    products.apply(
      kernel, to: x, into: y, examples: examples, on: engine, shifts: shifts, before: before
    ) { examples, _ in after?(examples) }
  }

  /// Computes `x = Sᵀ Kᵀ y` for `examples`: the gradient with respect to the input, and the
  /// transposed convolution.
  ///
  /// The parameters are those of ``apply(_:to:into:examples:on:shifts:before:after:)``; `x` is
  /// overwritten.
  package func applyTransposed(
    _ kernel: TensorView, to y: TensorView, into x: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Shifts? = nil, before: Work? = nil, after: Work? = nil
  ) {
    check(kernel, x, y, examples, engine)
    products.applyTransposed(kernel, to: y, into: x, examples: examples, on: engine, before: before)
    { examples, scratch in
      if let shifts { transpose(shifts, x, examples, scratch) }
      after?(examples)
    }
  }

  /// Adds the contribution of `examples` to the kernel's gradient: `K̄ += S x ⊗ ȳ`.
  ///
  /// - Parameters:
  ///   - x: `[batch, height, width, inputChannels]`.
  ///   - y: the gradient with respect to the outputs, `[batch, height', width', outputChannels]`.
  ///   - gradient: the kernel's gradient, with the kernel's shape.
  ///   - examples: the examples of the batch.
  ///   - engine: the engine, with scratch memory from ``reserveScratch(on:)``.
  ///   - shifts: `S`; nil for none.
  package func accumulate(
    x: TensorView, y: TensorView, into gradient: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Shifts? = nil
  ) {
    check(gradient, x, y, examples, engine)
    products.accumulate(
      x: x, y: y, into: gradient, examples: examples, on: engine, shifts: shifts)
  }

  /// Computes `x = Sᵀ x` in place.
  private func transpose(
    _ shifts: Shifts, _ x: TensorView, _ examples: Range<Int>, _ scratch: Tensor
  ) {
    for example in examples {
      unsafe shifts(example).transpose(
        x.start + example * geometry.inputCount, lines: geometry.height.length,
        width: geometry.width.length, channels: geometry.inputChannels, scratch: scratch.start)
    }
  }

  private func check(
    _ kernel: TensorView, _ x: TensorView, _ y: TensorView, _ examples: Range<Int>, _ engine: Engine
  ) {
    require(
      engine.scratchCount >= products.scratchCount
        && engine.sharedScratch.count >= products.sharedScratchCount,
      """
      the engine's scratch memory (=\(engine.scratchCount), \(engine.sharedScratch.count)) must \
      hold \(products.scratchCount), \(products.sharedScratchCount)
      """)
    require(
      kernel.count == geometry.kernelCount,
      "the kernel has \(kernel.count) elements, not \(geometry.kernelCount)")
    require(
      examples.lowerBound >= 0 && examples.upperBound * geometry.inputCount <= x.count,
      "examples \(examples) of \(geometry.inputCount) elements are not in \(x.shape)")
    require(
      examples.upperBound * geometry.outputCount <= y.count,
      "examples \(examples) of \(geometry.outputCount) elements are not in \(y.shape)")
  }
}

/// An algorithm for the products of one convolution. ``Convolution`` defines the products, and
/// checks their arguments.
protocol ConvolutionProducts: Sendable {
  /// The number of elements of scratch memory that every thread needs for any of the products.
  var scratchCount: Int { get }
  /// The number of elements of scratch memory that all threads share.
  var sharedScratchCount: Int { get }

  func apply(
    _ kernel: TensorView, to x: TensorView, into y: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Convolution.Shifts?, before: Convolution.Work?, after: Convolution.ScratchWork?)

  func applyTransposed(
    _ kernel: TensorView, to y: TensorView, into x: TensorView, examples: Range<Int>,
    on engine: Engine,
    before: Convolution.Work?, after: Convolution.ScratchWork?)

  func accumulate(
    x: TensorView, y: TensorView, into gradient: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Convolution.Shifts?)
}
