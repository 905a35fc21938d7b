package import SpecGANTensors

/// The three products of a convolution `y = K ∗ x`: `y` from `x`, `x̄ = Kᵀȳ`, and `K̄ += x ⊗ ȳ`.
///
/// A transposed convolution is the second. Kernels of 5 × 5 at a stride of 2, and those that span
/// seven strides along one axis, 25 at a stride of 4, take half the multiplications of the
/// definition where there are channels and outputs enough; all others are taken as defined. Every
/// number is summed in an order that depends on the geometry and the examples alone, so the bits
/// are the same at any number of threads.
package struct Convolution: Sendable {
  /// The sizes.
  package let geometry: ConvolutionGeometry
  private let products: any ConvolutionProducts

  /// The products for `geometry`.
  package init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    products = WinogradConvolution(geometry) ?? DirectConvolution(geometry)
  }

  /// Whether the products take half the multiplications of their definition.
  package var isMinimal: Bool { products is WinogradConvolution }

  /// What a caller does with examples before or after a product, while they are in cache; on any
  /// thread.
  package typealias Work = @Sendable (_ examples: Range<Int>) -> Void

  /// The same with the thread's scratch memory, which a product is done with then.
  typealias ScratchWork = @Sendable (_ examples: Range<Int>, _ scratch: Tensor) -> Void

  /// How far the input of each example is shifted before a convolution reads it.
  package typealias Shifts = @Sendable (_ example: Int) -> PictureShift

  /// Numbers of padded pictures that a task makes at most, if it has more than one.
  static let mostPadded = 1 << 21

  /// Announces the scratch memory that any of the products needs.
  package func reserveScratch(on engine: Engine) {
    engine.reserveScratch(each: products.scratchCount, shared: products.sharedScratchCount)
  }

  /// `y = K ∗ S x` for `examples`.
  ///
  /// - Parameters:
  ///   - kernel: `[height, width, inputChannels, outputChannels]`.
  ///   - x: `[batch, height, width, inputChannels]`.
  ///   - y: `[batch, height', width', outputChannels]`; overwritten.
  ///   - examples: which of the batch.
  ///   - engine: has had this convolution's scratch memory announced.
  ///   - shifts: `S`; none unless given.
  ///   - before: done once for each example, before the product.
  ///   - after: done once for each example, after the product.
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

  /// `x = Sᵀ Kᵀ y` for `examples`: the gradient towards the input, and the transposed convolution.
  ///
  /// Parameters as in ``apply(_:to:into:examples:on:shifts:before:after:)``; `x` is overwritten.
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

  /// Adds to the kernel's gradient what `examples` give: `K̄ += S x ⊗ ȳ`.
  ///
  /// - Parameters:
  ///   - x: `[batch, height, width, inputChannels]`.
  ///   - y: the gradient towards the outputs, `[batch, height', width', outputChannels]`.
  ///   - gradient: as the kernel.
  ///   - examples: which of the batch.
  ///   - engine: has had this convolution's scratch memory announced.
  ///   - shifts: `S`; none unless given.
  package func accumulate(
    x: TensorView, y: TensorView, into gradient: TensorView, examples: Range<Int>,
    on engine: Engine,
    shifts: Shifts? = nil
  ) {
    check(gradient, x, y, examples, engine)
    products.accumulate(
      x: x, y: y, into: gradient, examples: examples, on: engine, shifts: shifts)
  }

  /// `x = Sᵀ x`.
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
    precondition(
      engine.scratchCount >= products.scratchCount
        && engine.sharedScratch.count >= products.sharedScratchCount,
      """
      the engine's scratch memory (=\(engine.scratchCount), \(engine.sharedScratch.count)) must \
      hold \(products.scratchCount), \(products.sharedScratchCount)
      """)
    precondition(
      kernel.count == geometry.kernelCount,
      "the kernel has \(kernel.count) elements, not \(geometry.kernelCount)")
    precondition(
      examples.lowerBound >= 0 && examples.upperBound * geometry.inputCount <= x.count,
      "examples \(examples) of \(geometry.inputCount) elements are not in \(x.shape)")
    precondition(
      examples.upperBound * geometry.outputCount <= y.count,
      "examples \(examples) of \(geometry.outputCount) elements are not in \(y.shape)")
  }
}

/// A way to compute the products of one convolution; ``Convolution`` says what they are, and checks
/// what they are given.
protocol ConvolutionProducts: Sendable {
  /// Elements of scratch memory that every thread needs for any of the products.
  var scratchCount: Int { get }
  /// Elements of scratch memory that all threads share.
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
