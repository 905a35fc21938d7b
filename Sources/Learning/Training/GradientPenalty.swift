// Gulrajani et al., "Improved Training of Wasserstein GANs", NIPS 2017, eq. 3 and algorithm 1.

internal import CSpecGANKernels
package import Networks
package import SpecGANTensors
internal import SpecGANWorkers

/// The penalty on a critic's gradient towards its input, and how it is differentiated.
///
/// For a piecewise linear critic the gradient of `⟨v, ∇ₓD(x)⟩` in the weights is that of the
/// tangent `J·v`: forward, backward to the input, tangent forward, weight gradient. No second
/// derivative.
struct GradientPenalty {
  let critic: PiecewiseLinearNetwork
  /// The penalty's weight in the loss, `λ`.
  let weight: Float

  /// The mean of `(‖∇ₓD(x)‖₂ − 1)²` over the pass's examples, adding `λ` times its gradient.
  ///
  /// Expects the critic's values in `workspace`, which must have tangents for these examples, and
  /// as cotangents of its outputs a one at each example's value and zeros beside it. An example
  /// with no gradient at all adds 1 to the sum and nothing to the gradient; the published code
  /// divides by zero there.
  func accumulate(_ workspace: Workspace, into gradient: Parameters, _ pass: Pass) -> Float {
    let examples = pass.examples
    critic.network.backward(workspace, reachingInput: true, pass)
    let norms = gradientNorms(workspace.inputCotangent, pass)
    let batch = Float(examples.count)
    pass.engine.run(over: examples, by: 1) { example, _ in
      let norm = norms[example.lowerBound - examples.lowerBound]
      let factor = norm > 0 ? 2 * weight * (norm - 1) / norm / batch : 0
      let slope = workspace.inputCotangent.examples(example)
      let direction = workspace.tangents[0].examples(example)
      unsafe specgan_scale(slope.start, factor, slope.count, direction.start)
    }
    critic.network.tangent(workspace, pass)
    critic.accumulateTangentGradient(workspace, into: gradient, pass)
    return norms.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / batch
  }
}

/// The Euclidean norm of each of the pass's examples in `gradients`.
package func gradientNorms(_ gradients: TensorView, _ pass: Pass) -> [Float] {
  let examples = pass.examples
  return pass.engine.workers.map(examples.count) { index, _ in
    let example = examples.lowerBound + index
    let values = gradients.examples(example..<example + 1)
    return unsafe Float(specgan_sum_of_squares(values.start, values.count).squareRoot())
  }
}
