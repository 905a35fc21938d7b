// Gulrajani et al., "Improved Training of Wasserstein GANs", NIPS 2017, eq. 3 and algorithm 1;
// Mescheder, Geiger and Nowozin, "Which Training Methods for GANs do actually Converge?", ICML
// 2018, eqs. 9 and 10 (R1 and R2).

internal import CSpecGANKernels
package import Networks
package import SpecGANTensors
internal import SpecGANWorkers

/// The penalty on a critic's gradient with respect to its input, and the gradient of the penalty.
///
/// For a piecewise linear critic, the gradient of `⟨v, ∇ₓD(x)⟩` with respect to the weights is that
/// of the tangent `J·v`. So it takes four passes: forward, backward to the input, tangent forward,
/// and weight gradient. No second derivative is needed. A critic with attention has another part of
/// the gradient; see ``TwiceDifferentiableNetwork``.
struct GradientPenalty {
  let critic: TwiceDifferentiableNetwork
  /// The penalty's weight in the loss, `λ`.
  let weight: Float

  /// Adds `λ` times the gradient of the mean of `(‖∇ₓD(x)‖₂ − 1)²` over a batch of `batch` examples
  /// to `gradient`, and returns the norms `‖∇ₓD(x)‖₂` of the pass's examples, which may be a part
  /// of the batch.
  ///
  /// An example with a gradient of zero adds 1 to the sum and nothing to the gradient; the
  /// reference divides by zero.
  ///
  /// - Precondition: `workspace` holds the critic's values of these examples and has tangents for
  ///   them. The cotangent of its output is 1 at the value of each example, and 0 elsewhere.
  func accumulate(
    _ workspace: Workspace, batch: Int, into gradient: ShardedGradient, _ pass: Pass
  ) -> [Float] {
    let examples = pass.examples
    critic.network.backward(workspace, reachingInput: true, pass)
    let norms = gradientNorms(workspace.inputCotangent, pass)
    pass.engine.run(over: examples, by: 1) { example, _ in
      let norm = norms[example.lowerBound - examples.lowerBound]
      let factor = norm > 0 ? 2 * weight * (norm - 1) / norm / Float(batch) : 0
      let slope = workspace.inputCotangent.examples(example)
      let direction = workspace.tangents[0].examples(example)
      unsafe specgan_scale(slope.start, factor, slope.count, direction.start)
    }
    critic.network.tangent(workspace, pass)
    critic.findCurvature(workspace, pass)
    gradient.accumulate(pass) { critic.accumulateTangentGradient(workspace, into: $0, $1) }
    gradient.accumulateCurvature(of: critic, workspace, pass)
    return norms
  }
}

/// The penalties R1 and R2 on the norm of a critic's gradient with respect to real and generated
/// examples, and the gradient of the penalties.
///
/// Like ``GradientPenalty``, they take a tangent pass along the gradient itself.
struct ZeroCenteredPenalty {
  let critic: TwiceDifferentiableNetwork
  /// The weight `γ`: the loss has the term `γ/2 · (mean ‖∇D(x)‖² + mean ‖∇D(G)‖²)`.
  let weight: Float

  /// Adds `factor · γ/2` times the gradient of `mean ‖∇D(x)‖² + mean ‖∇D(G)‖²` over two batches of
  /// `batch` examples to `gradient`, and returns the norms of the pass's examples, which may be a
  /// part of each batch.
  ///
  /// If the critic is curved, the gradient is incomplete: call
  /// ``ShardedGradient/accumulateCurvature(of:_:_:)`` when the cotangents are no longer needed.
  ///
  /// - Precondition: that of ``GradientPenalty/accumulate(_:batch:into:_:)``, for both batches.
  ///   Afterwards the cotangents are those of the critic's values.
  func accumulate(
    _ workspace: Workspace, factor: Float, batch: Int, into gradient: ShardedGradient, _ pass: Pass
  ) -> [Float] {
    critic.network.backward(workspace, reachingInput: true, pass)
    let norms = gradientNorms(workspace.inputCotangent, pass)
    let share = factor * weight / Float(batch)
    pass.engine.run(over: pass.examples, by: 1) { example, _ in
      let slope = workspace.inputCotangent.examples(example)
      let direction = workspace.tangents[0].examples(example)
      unsafe specgan_scale(slope.start, share, slope.count, direction.start)
    }
    critic.network.tangent(workspace, pass)
    critic.findCurvature(workspace, pass)
    gradient.accumulate(pass) { critic.accumulateTangentGradient(workspace, into: $0, $1) }
    return norms
  }
}

extension ShardedGradient {
  /// Adds the part of a penalty's gradient that is through the values of a curved critic, after
  /// ``TwiceDifferentiableNetwork/findCurvature(_:_:)``; it overwrites cotangents.
  func accumulateCurvature(
    of critic: TwiceDifferentiableNetwork, _ workspace: Workspace, _ pass: Pass
  ) {
    guard critic.isCurved else { return }
    critic.pullBackCurvature(workspace, pass)
    accumulate(pass) { critic.accumulateCurvatureGradient(workspace, into: $0, $1) }
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
