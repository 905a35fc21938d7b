// Source: Gulrajani et al., "Improved Training of Wasserstein GANs", NIPS 2017, eq. 3 and
// algorithm 1.

internal import CSpecGANKernels
package import Networks
package import SpecGANTensors
internal import SpecGANWorkers

/// The penalty on a critic's gradient with respect to its input, and the gradient of the penalty.
///
/// For a piecewise linear critic, the gradient of `⟨v, ∇ₓD(x)⟩` with respect to the weights is that
/// of the tangent `J·v`. So it takes four passes: forward, backward to the input, tangent forward,
/// and weight gradient. No second derivative is needed.
struct GradientPenalty {
  let critic: PiecewiseLinearNetwork
  /// The penalty's weight in the loss, `λ`.
  let weight: Float

  /// Returns the mean of `(‖∇ₓD(x)‖₂ − 1)²` over the pass's examples, and adds `λ` times its
  /// gradient to `gradient`.
  ///
  /// An example with a gradient of zero adds 1 to the sum and nothing to the gradient; the
  /// reference divides by zero.
  ///
  /// - Precondition: `workspace` holds the critic's values of these examples and has tangents for
  ///   them. The cotangent of its output is 1 at the value of each example, and 0 elsewhere.
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

/// Returns the Euclidean norm of each of the pass's examples in `gradients`.
package func gradientNorms(_ gradients: TensorView, _ pass: Pass) -> [Float] {
  let examples = pass.examples
  return pass.engine.workers.map(examples.count) { index, _ in
    let example = examples.lowerBound + index
    let values = gradients.examples(example..<example + 1)
    return unsafe Float(specgan_sum_of_squares(values.start, values.count).squareRoot())
  }
}
