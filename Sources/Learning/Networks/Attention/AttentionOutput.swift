internal import CSpecGANKernels
package import SpecGANTensors
internal import SpecGANWorkers

/// The last of the layers of self-attention: `y = x + γ R W_o`, with the result `R` of attention.
///
/// `γ` is initially 0, so the layer is initially the identity.
package struct AttentionOutput: PiecewiseLinear {
  /// The name in reports.
  package let name: String
  /// The sizes.
  package let sizes: AttentionSizes
  /// The layout entry of the kernel `W_o`, `[valueChannels, channels]`.
  package let kernel: ParameterLayout.Entry
  /// The layout entry of the factor `γ`.
  package let gamma: ParameterLayout.Entry

  /// Creates a layer whose parameters are appended to `layout` under `scope`, such as
  /// `D/attention`.
  package init(_ sizes: AttentionSizes, scope: String, in layout: inout ParameterLayout) {
    self.sizes = sizes
    name = scope + "/output"
    kernel = layout.append(
      scope + "/output/kernel", shape: [sizes.valueChannels, sizes.channels])
    gamma = layout.append(scope + "/gamma", shape: [1])
  }

  /// The number of elements of one example's picture and result of attention.
  package var inputShape: [Int] { [sizes.attendedCount] }
  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { sizes.shape }
  /// The number of multiply-adds for one example's output.
  package var multiplyAdds: Int { sizes.pictureCount * sizes.valueChannels }

  private var kernelCount: Int { sizes.valueChannels * sizes.channels }

  /// The number of elements of scratch memory of a thread: the kernel, and panels of it or of an
  /// example.
  private var scratchCount: Int {
    let panels = [
      specgan_packed_count(sizes.valueChannels, sizes.channels),
      specgan_packed_count(sizes.channels, sizes.valueChannels),
      specgan_packed_count(sizes.positions, sizes.channels),
    ]
    return kernelCount + (panels.max() ?? 0)
  }

  /// The product of a pass forward, or backward with the transposed kernel.
  private func product(isTransposed: Bool) -> BlockProduct {
    let picture = BlockProduct.Block(offset: 0, columns: sizes.channels)
    let other = BlockProduct.Block(offset: sizes.pictureCount, columns: sizes.valueChannels)
    let (x, y) = (other, picture)
    return BlockProduct(
      sizes: sizes, source: isTransposed ? y : x, target: isTransposed ? x : y,
      isTransposed: isTransposed)
  }

  /// Reserves scratch memory for the kernel and for one example on each thread, and for the sums of
  /// the gradient.
  package func reserveScratch(on engine: Engine) {
    engine.reserveScratch(each: scratchCount, shared: GradientPieces.count * kernelCount)
  }

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    unsafe product(isTransposed: false).run(x, into: y, pass) { unsafe scaled(pass, $0) }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    unsafe product(isTransposed: true).run(yCotangent, into: xCotangent, pass) {
      unsafe scaled(pass, $0)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    forward(xTangent, into: yTangent, pass)
  }

  /// Adds `(∂y/∂θ)ᵀ·ȳ` to `θ̄`: with `G = Σ Rᵀ ȳ`, `γ G` to the kernel's gradient and `⟨G, W_o⟩` to
  /// that of `γ`.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    let pieces = GradientPieces(of: kernelCount, pass)
    pass.engine.requireScratch(each: scratchCount)
    unsafe pieces.forEachExample { example, scratch, sums in
      unsafe specgan_pack(
        specgan_matrix(
          start: yCotangent.examples(example).start, row_stride: sizes.channels, column_stride: 1),
        sizes.positions, sizes.channels, scratch.start)
      unsafe specgan_multiply_packed(
        specgan_matrix(
          start: x.examples(example).start + sizes.pictureCount, row_stride: 1,
          column_stride: sizes.valueChannels), sizes.valueChannels, sizes.positions,
        scratch.start, sizes.channels, sums, sizes.channels, true)
    }
    let factor = factor(pass)
    var product = 0.0
    pieces.withSum { sum in
      gradient[kernel].withMutableSpan { gradient in
        pass.parameters[kernel].withSpan { weights in
          for index in gradient.indices {
            gradient[index] += factor * sum[index]
            product += Double(sum[index]) * Double(weights[index])
          }
        }
      }
    }
    gradient[gamma].withMutableSpan { $0[0] += Float(product) }
  }

  private func factor(_ pass: Pass) -> Float { pass.parameters[gamma].withSpan { $0[0] } }

  /// Returns `γ W_o` in scratch memory.
  private func scaled(_ pass: Pass, _ scratch: Tensor) -> UnsafeMutablePointer<Float> {
    unsafe specgan_scale(
      pass.parameters[kernel].start, factor(pass), kernelCount, scratch.start)
    return unsafe scratch.start
  }
}
