internal import CSpecGANKernels
package import SpecGANTensors

/// The second layer of self-attention: `R = softmax(Q Kᵀ) V`, with a query for each position and
/// the max-pooled keys and values. The picture itself is copied.
///
/// It is the only one of the three that is not linear in its input. Each pass computes the weights
/// of softmax again, so no matrix `[positions, keyCount]` is stored.
package struct AttentionCore: TwiceDifferentiable, ParameterlessLayer {
  /// The name in reports.
  package let name: String
  /// The sizes.
  package let sizes: AttentionSizes

  /// Creates a layer.
  package init(_ sizes: AttentionSizes, name: String) {
    self.sizes = sizes
    self.name = name
  }

  /// The number of elements of one example's picture, queries, keys and values.
  package var inputShape: [Int] { [sizes.projectedCount] }
  /// The number of elements of one example's picture and result.
  package var outputShape: [Int] { [sizes.attendedCount] }
  /// The number of multiply-adds for one example's output.
  package var multiplyAdds: Int {
    sizes.positions * sizes.keyCount * (sizes.queryChannels + sizes.valueChannels)
  }

  /// Reserves scratch memory for one example on each thread.
  package func reserveScratch(on engine: Engine) {
    engine.reserveScratch(each: specgan_attention_scratch(sizes.kernel))
  }

  private func checkScratch(_ pass: Pass) {
    pass.engine.requireScratch(each: specgan_attention_scratch(sizes.kernel))
  }

  /// Computes `y = f(x)`.
  package func forward(_ x: TensorView, into y: TensorView, _ pass: Pass) {
    checkScratch(pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let (x, y) = (x.examples(example), y.examples(example))
      copyPicture(x, to: y)
      unsafe specgan_attend(
        sizes.kernel, x.start + sizes.pictureCount, scratch.start, y.start + sizes.pictureCount)
    }
  }

  /// Computes `x̄ = Jᵀ·ȳ`.
  package func backward(
    _ yCotangent: TensorView, x: TensorView, y: TensorView, into xCotangent: TensorView?,
    _ pass: Pass
  ) {
    guard let xCotangent else { return }
    checkScratch(pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let (from, to) = (yCotangent.examples(example), xCotangent.examples(example))
      copyPicture(from, to: to)
      unsafe specgan_attend_backward(
        sizes.kernel, x.examples(example).start + sizes.pictureCount,
        from.start + sizes.pictureCount, scratch.start, to.start + sizes.pictureCount)
    }
  }

  /// Computes `ẏ = J·ẋ`.
  package func tangent(
    _ xTangent: TensorView, x: TensorView, y: TensorView, into yTangent: TensorView, _ pass: Pass
  ) {
    checkScratch(pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let (from, to) = (xTangent.examples(example), yTangent.examples(example))
      copyPicture(from, to: to)
      unsafe specgan_attend_tangent(
        sizes.kernel, x.examples(example).start + sizes.pictureCount,
        from.start + sizes.pictureCount, scratch.start, to.start + sizes.pictureCount)
    }
  }

  /// Computes the gradient of `⟨ȳ, J·ẋ⟩` with respect to `x`.
  package func curvature(
    _ yCotangent: TensorView, xTangent: TensorView, x: TensorView, into xCotangent: TensorView,
    _ pass: Pass
  ) {
    checkScratch(pass)
    pass.engine.run(over: pass.examples, by: 1) { example, scratch in
      let target = unsafe xCotangent.examples(example).start
      unsafe target.update(repeating: 0, count: sizes.pictureCount)
      unsafe specgan_attend_curvature(
        sizes.kernel, x.examples(example).start + sizes.pictureCount,
        xTangent.examples(example).start + sizes.pictureCount,
        yCotangent.examples(example).start + sizes.pictureCount, scratch.start,
        target + sizes.pictureCount)
    }
  }

  private func copyPicture(_ source: TensorView, to target: TensorView) {
    unsafe target.start.update(from: source.start, count: sizes.pictureCount)
  }
}
