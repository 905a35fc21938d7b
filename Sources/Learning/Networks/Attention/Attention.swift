internal import CSpecGANKernels
internal import SpecGANErrors
package import SpecGANTensors
internal import SpecGANWorkers

/// Self-attention, `y = x + γ R W_o` with `R = softmax(Q Kᵀ) V`: a query `x W_q` for each position,
/// and the max-pooled keys `x W_k` and values `x W_v`.
///
/// `γ` is initially 0, so the layer is initially the identity. The forward pass keeps queries,
/// keys, values, the result `R`, and for each position the largest product and the sum of
/// exponentials. So each later pass recomputes the same softmax weights, with the same bits and
/// without a second sum, and no matrix `[positions, keyCount]` is stored.
package struct Attention: TwiceDifferentiable {
  /// The name in reports.
  package let name: String
  /// The sizes.
  package let sizes: AttentionSizes
  /// The layout entries of the kernels of queries, keys and values, `[channels, …]`.
  package let projections: [ParameterLayout.Entry]
  /// The layout entry of the kernel `W_o`, `[valueChannels, channels]`.
  package let output: ParameterLayout.Entry
  /// The layout entry of the factor `γ`.
  package let gamma: ParameterLayout.Entry

  /// Creates a layer whose parameters are appended to `layout` under `scope`, such as
  /// `D/attention`.
  package init(_ sizes: AttentionSizes, scope: String, in layout: inout ParameterLayout) {
    self.sizes = sizes
    name = scope
    projections = [
      ("query", sizes.queryChannels), ("key", sizes.queryChannels), ("value", sizes.valueChannels),
    ].map { layout.append("\(scope)/\($0)/kernel", shape: [sizes.channels, $1]) }
    output = layout.append(
      scope + "/output/kernel", shape: [sizes.valueChannels, sizes.channels])
    gamma = layout.append(scope + "/gamma", shape: [1])
  }

  /// `[height, width, channels]` of one example's picture.
  package var inputShape: [Int] { sizes.shape }
  /// `[height, width, channels]` of one example's output.
  package var outputShape: [Int] { sizes.shape }
  /// The number of multiply-adds for one example's output.
  package var multiplyAdds: Int {
    let products = sizes.keyCount * (sizes.queryChannels + sizes.valueChannels)
    let kernels = sizes.channels * (sizes.projectedChannels + sizes.valueChannels)
    return sizes.positions * (products + kernels)
  }

  /// The numbers of elements of one example that the passes keep.
  package var keptCounts: KeptCounts {
    let memory = specgan_attention_memory_of(sizes.kernel)
    return KeptCounts(
      values: memory.values, derivatives: max(memory.tangents, memory.cotangents))
  }

  /// The number of sums of the gradient: of the projections' kernels and of `γ W_o`, transposed.
  private var gradientCount: Int {
    (sizes.projectedChannels + sizes.valueChannels) * sizes.channels
  }

  /// Reserves scratch memory for one example on each thread, and for the packed kernels or the sums
  /// of the gradient.
  package func reserveScratch(on engine: Engine) {
    engine.reserveScratch(
      each: specgan_attention_scratch(sizes.kernel),
      shared: max(
        specgan_attention_panels(sizes.kernel), GradientPieces.count * gradientCount))
  }

  // MARK: - Passes

  /// Computes `y = f(x; θ)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    let kept = kept(pass)
    let panels = packedKernels(isTransposed: false, pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      unsafe specgan_attend(
        sizes.kernel, panels.start, x.examples(example).start,
        kept.values.examples(example).start, scratch.start, y.examples(example).start)
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    let kept = kept(pass)
    let panels = packedKernels(isTransposed: true, pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      unsafe specgan_attend_backward(
        sizes.kernel, panels.start, yCotangent.examples(example).start,
        kept.values.examples(example).start, kept.cotangents.examples(example).start,
        scratch.start, xCotangent?.examples(example).start)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    let kept = kept(pass)
    let panels = packedKernels(isTransposed: false, pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      unsafe specgan_attend_tangent(
        sizes.kernel, panels.start, xTangent.examples(example).start,
        kept.values.examples(example).start, kept.tangents.examples(example).start,
        scratch.start, yTangent.examples(example).start)
    }
  }

  /// Computes the gradient of `⟨ȳ, J·ẋ⟩` with respect to `x`, after the tangent pass.
  package func curvature(
    _ yCotangent: TensorView, xTangent: TensorView, x: TensorView, into xCotangent: TensorView,
    _ pass: Pass
  ) {
    let kept = kept(pass)
    let panels = packedKernels(isTransposed: true, pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      unsafe specgan_attend_curvature(
        sizes.kernel, panels.start, yCotangent.examples(example).start,
        kept.values.examples(example).start, kept.tangents.examples(example).start,
        kept.curvatures.examples(example).start, scratch.start,
        xCotangent.examples(example).start)
    }
  }

  /// Adds `(∂y/∂θ)ᵀ·ȳ` to `θ̄`, after the backward pass.
  package func accumulateGradient(
    x: TensorView, yCotangent: TensorView, includingBias: Bool, into gradient: Parameters,
    _ pass: Pass
  ) {
    let kept = kept(pass)
    unsafe addSums(to: gradient, pass) { example, scratch, sums in
      unsafe addProjections(x, kept.cotangents, example, scratch, sums)
      unsafe addOutput(kept.values, isTangent: false, yCotangent, example, scratch, sums)
    }
  }

  /// Adds the gradient of `⟨ȳ, J·ẋ⟩` with respect to `θ`, after the curvature was computed.
  ///
  /// The projections of `x` and of `ẋ` have the same kernels.
  package func accumulateTangentGradient(
    xTangent: TensorView, x: TensorView, yCotangent: TensorView, into gradient: Parameters,
    _ pass: Pass
  ) {
    let kept = kept(pass)
    unsafe addSums(to: gradient, pass) { example, scratch, sums in
      unsafe addProjections(x, kept.curvatures, example, scratch, sums)
      unsafe addProjections(xTangent, kept.cotangents, example, scratch, sums)
      unsafe addOutput(kept.tangents, isTangent: true, yCotangent, example, scratch, sums)
    }
  }
}

// MARK: - Parts of passes

extension Attention {
  private func kept(_ pass: Pass) -> KeptMemory {
    pass.engine.requireScratch(each: specgan_attention_scratch(sizes.kernel))
    return pass.requiredMemory(of: name)
  }

  /// Packs the kernels once for all examples, in the scratch memory that tasks share.
  private func packedKernels(isTransposed: Bool, _ pass: Pass) -> Tensor {
    let panels = pass.engine.sharedScratch
    require(
      panels.count >= specgan_attention_panels(sizes.kernel),
      "scratch memory of \(panels.count) elements does not hold the kernels; reserve it first")
    pass.engine.run(tasks: 1) { _, scratch in
      let kernels = unsafe specgan_attention_kernels(
        query: pass.parameters[projections[0]].start, key: pass.parameters[projections[1]].start,
        value: pass.parameters[projections[2]].start, output: pass.parameters[output].start,
        gamma: factor(pass))
      unsafe specgan_attention_pack(
        sizes.kernel, kernels, isTransposed, scratch.start, panels.start)
    }
    return panels
  }

  private func factor(_ pass: Pass) -> Float { pass.parameters[gamma].withSpan { $0[0] } }

  private func addProjections(
    _ x: TensorView, _ cotangents: TensorView, _ example: Range<Int>, _ scratch: Tensor,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    unsafe specgan_add_projection_gradient(
      sizes.kernel, x.examples(example).start, cotangents.examples(example).start, scratch.start,
      sums)
  }

  private func addOutput(
    _ memory: TensorView, isTangent: Bool, _ yCotangent: TensorView, _ example: Range<Int>,
    _ scratch: Tensor, _ sums: UnsafeMutablePointer<Float>
  ) {
    unsafe specgan_add_output_gradient(
      sizes.kernel, memory.examples(example).start, isTangent, yCotangent.examples(example).start,
      scratch.start, sums + sizes.projectedChannels * sizes.channels)
  }

  /// Adds the sums of `body` over the examples to `gradient`: with the sum `G` for `γ W_o`, `γ G`
  /// to that of `W_o` and `⟨G, W_o⟩` to that of `γ`.
  private func addSums(
    to gradient: Parameters, _ pass: Pass,
    _ body:
      @Sendable (
        _ example: Range<Int>, _ scratch: Tensor, _ sums: UnsafeMutablePointer<Float>
      ) -> Void
  ) {
    let pieces = GradientPieces(of: gradientCount, pass)
    unsafe pieces.forEachExample(body)
    let factor = factor(pass)
    var product = 0.0
    pieces.withSum { sum in
      var first = 0
      for kernel in projections {
        let width = kernel.shape[1]
        gradient[kernel].withMutableSpan { gradient in
          for index in gradient.indices {
            let (row, column) = index.quotientAndRemainder(dividingBy: width)
            gradient[index] += sum[(first + column) * sizes.channels + row]
          }
        }
        first += width
      }
      gradient[output].withMutableSpan { gradient in
        pass.parameters[output].withSpan { weights in
          for index in gradient.indices {
            let term = sum[first * sizes.channels + index]
            gradient[index] += factor * term
            product += Double(term) * Double(weights[index])
          }
        }
      }
    }
    gradient[gamma].withMutableSpan { $0[0] += Float(product) }
  }
}
